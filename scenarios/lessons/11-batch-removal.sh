# Removing many at once: one docker command feeds another

for image in debian:12 nginx:1.22 redis:7.0 shop/web:1 shop/web:2 shop/web:3; do
  docker pull -q $image
done

# All images of one repository.
docker image rm $(docker image ls -q shop/web) | grep -c '^Deleted'

# All that were made before another.
docker image ls -q -f before=redis:7.0 | sort -u | xargs -r docker image rm | grep Untagged

# Those that a pattern names, with what grep and awk make of the list.
docker image ls | grep '^redis ' | awk '{print $1 ":" $2}' | xargs -n1 docker image rm | head -n 1

# Stopped containers, and everything that nobody uses.
for n in 1 2 3; do
  docker run --name task$n busybox:1.35 true
done
docker rm $(docker ps -a -q -f status=exited) | wc -l
docker image prune -a -f | tail -n 1
docker image ls
