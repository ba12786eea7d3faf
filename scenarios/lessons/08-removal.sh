# Removing images: by ID, by name, by digest

for image in nginx:1.22 redis:7.0 busybox:1.35 python:3.11-slim; do
  docker pull -q $image
done
docker image ls

# By the beginning of the ID: as much as no other image has, three digits and more as a rule.
id=$(docker image ls -q redis)
docker image rm $(echo $id | cut -c1-4)

# By the whole ID, as scripts do.
docker image rm $(docker image ls -q --no-trunc busybox)

# By name.
docker image rm nginx:1.22

# By digest, which is the surest.
docker image ls --digests
digest=$(docker image ls --digests --format '{{.Repository}}@{{.Digest}}' python)
docker image rm $digest

# The tag is still there, and so is the image; without it all goes.
docker image rm python:3.11-slim
docker image rm python:3.11-slim
