# Intermediate images: without names, but not for throwing away

docker pull -q debian:12-slim

# Every instruction of a build makes an image that the next one stands on.
mkdir -p /tmp/app && cd /tmp/app
cat <<EOF > Dockerfile
FROM debian:12-slim
RUN dd if=/dev/urandom of=/opt/data bs=1M count=20
RUN dd if=/dev/urandom of=/opt/more bs=1M count=5
LABEL com.example.version=0.1
EOF
docker build -t app:1 .

# The list shows the last one; with -a also those below it, which have neither name nor tag.
docker image ls
docker image ls -a

# They look like dangling images and are none: others depend on them.
docker image ls -f dangling=true
docker image rm $(docker image inspect -f '{{.Parent}}' app:1)

# A second build takes what has not changed from them.
echo "CMD [\"cat\", \"/opt/data\"]" >> Dockerfile
docker build -t app:2 .

# They go by themselves with the last image that needs them.
docker image rm app:2
docker image rm app:1
docker image ls -a
