# Pid 1 of one node. Everything that the node runs hangs below it: killing it is pulling the plug.
# Arguments: directory of these scripts, name of the node, boot id of this boot.
set -eu
scripts=$1
source "$scripts/services.sh"
name=$2
boot=$3

read -r pid _ </proc/self/stat # Before the node's own procfs hides the host's.
mount -t proc proc /proc

# What a power failure wipes.
mount -t tmpfs -o mode=0755 run /run
mount -t tmpfs -o mode=1777 shm /dev/shm
echo "$boot" >/run/boot_id
mount --bind /run/boot_id /proc/sys/kernel/random/boot_id

# The node's own disk, which survives it.
disk=/media/nodes/$name
mkdir -p "$disk"/{etc,etc.work,var,var.work,log}
mount -t overlay -o "lowerdir=/etc,upperdir=$disk/etc,workdir=$disk/etc.work" etc /etc
mount -t overlay -o "lowerdir=/var/lib,upperdir=$disk/var,workdir=$disk/var.work" var /var/lib
mount --bind "$disk/log" /var/log
mkdir -p /etc/corosync /etc/cluster /etc/default /var/lib/corosync /var/lib/bouncer /var/log/corosync /run/bouncer

hostname "$name"
ip link set lo up

echo "ready $pid"
set +eu
obey
