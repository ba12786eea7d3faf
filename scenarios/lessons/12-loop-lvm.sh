# loop-lvm: the file that grows, and the drivers beside it

# On CentOS and RHEL 7 Docker took devicemapper on a sparse file by itself, and warned about it ever after.
docker info 2>&1 | grep -E 'Storage Driver|Pool Name|Data file|Data loop file|loopback' | grep -v '/dev/loop'

# The file claims 100 GB and holds what was ever written: ls shows both, the blocks it has first.
ls -lsh /var/lib/docker/devicemapper/devicemapper/data 2>/dev/null

# Images come and go. Watch what each driver has of the disk in the lines below the commands.
docker pull -q nginx:1.22
docker pull -q mariadb:10.11
docker run -d --name db mariadb:10.11 > /dev/null
docker exec db dd if=/dev/zero of=/var/lib/mysql/big bs=1M count=300
ls -lsh /var/lib/docker/devicemapper/devicemapper/data 2>/dev/null

# A file that is deleted inside a container frees blocks of its file system; the pool below does not hear of it. overlay2 gives them back.
docker exec db rm /var/lib/mysql/big
docker rm -f db

# Everything goes ...
docker image rm $(docker image ls -q) | grep -c Deleted

# ... and where Docker's discards reach the file it shrinks; with dm.blkdiscard=false it stays as large as it ever was.
ls -lsh /var/lib/docker/devicemapper/devicemapper/data 2>/dev/null
docker system df

# What it holds is used again before it grows: the same images cost nothing more the second time, unless the kernel walks on through the file.
docker pull -q mariadb:10.11
ls -lsh /var/lib/docker/devicemapper/devicemapper/data 2>/dev/null
