# Users with the ids that the official images have come with the base; here is what is common to all services.
set -eu
chmod 0755 /usr/local/bin/*.sh /usr/local/bin/*.py
localedef --inputfile en_US --charmap UTF-8 --no-archive en_US.UTF-8
rm -rf /var/lib/postgresql/* /etc/nginx/sites-enabled/* /etc/nginx/sites-available/*
