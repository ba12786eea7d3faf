# Untagged and Deleted: a name goes, or an image goes

docker pull -q debian:12-slim
docker pull -q nginx:1.22
docker tag nginx:1.22 web:production

# One image, two names.
docker image ls

# Removing one name leaves the image: the answer says Untagged and nothing else, and the disk does not change.
docker image rm nginx:1.22

# With the last name the image goes, layer by layer from the top. The base stays: debian:12-slim stands on it.
docker image rm web:production

# And now the base, of which nobody is left.
docker image rm debian:12-slim
