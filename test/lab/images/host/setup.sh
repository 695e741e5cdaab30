# Makes a Debian tree into a host: an operator with sudo, no SSH host keys of its own, nothing that a container cannot do.
set -eu
. /etc/os-release

useradd --create-home --shell /bin/bash --uid 1000 ops
echo 'ops ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/ops
chmod 0440 /etc/sudoers.d/ops
mkdir -p /root/.ssh /home/ops/.ssh
chmod 0700 /root/.ssh /home/ops/.ssh
chown ops:ops /home/ops/.ssh

# Each host gets its own keys when it is made.
rm -f /etc/ssh/ssh_host_*

# Modules and devices are the business of the machine below. getty has no terminal here.
ln -sf /dev/null /etc/systemd/system/systemd-modules-load.service
ln -sf /dev/null /etc/systemd/system/systemd-udevd.service
ln -sf /dev/null /etc/systemd/system/console-getty.service
ln -sf /dev/null /etc/systemd/system/getty.target
systemctl enable ssh.service >/dev/null 2>&1
systemctl set-default multi-user.target >/dev/null 2>&1
: >/etc/machine-id

mirror=${LAB_DEBIAN_MIRROR:-http://deb.debian.org/debian}
rm -f /etc/apt/sources.list /etc/apt/sources.list.d/*
cat >/etc/apt/sources.list.d/debian.sources <<SOURCES
Types: deb
URIs: $mirror
Suites: $VERSION_CODENAME $VERSION_CODENAME-updates
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
URIs: $mirror-security
Suites: $VERSION_CODENAME-security
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
SOURCES
# A mirror may lag behind; a lab host must install all the same.
echo 'Acquire::Check-Valid-Until "false";' >/etc/apt/apt.conf.d/99lab-mirror
rm -f /usr/sbin/policy-rc.d /etc/apt/apt.conf.d/docker-*
