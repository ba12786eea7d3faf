# Sizes: 117 MB here, far less on the hub

# On the hub an image has the size it travels with: its layers compressed.
registry ls debian:12

# Here it has the size of its files, all layers together, because that is what the disk is asked for.
docker pull -q debian:12
docker image ls debian

# And on the disk? devicemapper rounds up to its pool's blocks and gives each layer a file system of its own; overlay2 keeps plain files.
docker system df
du -sh /var/lib/docker
