# Who depends on what: containers and images that stand in the way

docker pull -q nginx:1.22
docker run -d --name web nginx:1.22

# A running container needs its image.
docker image rm nginx:1.22
docker image rm -f $(docker image ls -q nginx)

# A stopped one does too: it may be started again.
docker stop web
docker image rm nginx:1.22

# The container first, then the image. Its layer goes with it.
docker rm web
docker image rm nginx:1.22

# An image that others were built on cannot go before them, whatever one forces.
docker pull -q debian:12-slim
printf 'FROM debian:12-slim\nRUN dd if=/dev/urandom of=/opt/data bs=1M count=10\n' > Dockerfile
docker build -q -t child:1 . | cut -c1-7
docker image rm -f $(docker image ls -q debian:12-slim)

# By name only the name goes; the layers stay with the child, and go with it.
docker image rm debian:12-slim
docker image rm child:1
