# Listing images in a format of one's own

for image in nginx:1.22 redis:7.0 mariadb:10.11; do
  docker pull -q $image
done

# The IDs alone, for other commands to take.
docker image ls -q
docker image ls -q --no-trunc

# A Go template says what of each image is printed.
docker image ls --format "{{.ID}}: {{.Repository}}"

# With table in front, columns with headings.
docker image ls --format "table {{.ID}}\t{{.Repository}}\t{{.Tag}}\t{{.Size}}"

# And what Docker's template does not do, the shell does.
docker image ls --format '{{.Repository}} {{.Size}}' | sort -k2 -h
docker image ls | tail -n +2 | awk '{print $1 ":" $2}' | grep -v redis
