# Dangling images: when a name moves on

docker pull -q redis:7.0
docker image ls

# The maintainers build redis:7.0 anew on an updated base, under the same tag. (registry is the lab's word for the other side.)
registry update redis:7.0

# The next pull moves the name to the new image. The old one is still here, without a name: it dangles.
docker pull redis:7.0
docker image ls

# A filter finds such images ...
docker image ls -f dangling=true

# ... and prune removes them: nobody can want them by name any more.
docker image prune -f
docker image ls
