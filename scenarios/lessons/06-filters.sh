# Listing some of the images

for image in debian:12 debian:12-slim nginx:1.22 redis:7.0 shop/web:1 shop/web:2; do
  docker pull -q $image
done
docker image ls

# By repository, by repository and tag, by a pattern.
docker image ls debian
docker image ls debian:12
docker image ls 'shop/*'
docker image ls -f reference='*:12*'

# By age: made before an image, or since.
docker image ls -f since=redis:7.0
docker image ls -f before=redis:7.0

# By a label that was given at the build.
printf 'FROM debian:12-slim\nLABEL com.example.version=0.1\n' > Dockerfile
docker build -q -t labelled:1 . | cut -c1-7
docker image ls -f label=com.example.version=0.1

# What does not exist is said so.
docker image ls -f nonsense=1
