# Names and pulls: what an image is called, and what comes down the wire

# An image's full name is REGISTRY/REPOSITORY:TAG. Leave the registry out and Docker's own is meant; leave the owner out and it is library/,
# the official images. The last line that pull prints is the name in full.
docker pull busybox:1.35
docker pull docker.io/library/busybox:1.35

# The owner's name stands before a slash, as for anybody's images.
docker pull shop/api:1

# An image is a stack of layers. The pull names each by the first 12 digits of its ID, and fetches only those that are not here yet.
docker pull debian:12-slim
docker pull nginx:1.22

# Without a tag it is latest, and that is a tag like any other: it has to be there.
docker pull nginx

# A tag may be given a new build tomorrow; a digest names this very image for ever.
docker pull -q nginx:1.22
docker image ls --digests nginx
