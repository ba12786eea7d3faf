# Shared layers: the sum of the list is not the disk

# Five images that stand on one base: its layer is fetched once.
for image in debian:12-slim nginx:1.22 redis:7.0 python:3.11-slim openjdk:17-jre; do
  docker pull -q $image
done

# Every line of the list counts the base again ...
docker image ls
docker image inspect --format '{{.Size}}' $(docker image ls -q) | awk '{sum += $1} END {printf "the list adds up to %.1f MB\n", sum / 1000000}'

# ... but it is stored once: that is what system df says, and what the disk line below each pull has shown.
docker system df
docker system df -v | head -9

# The base alone costs nothing more: all of it is here. And removing it frees nothing: others stand on it.
docker image rm debian:12-slim
