# The one process that holds a lab: pid 1 of its pid namespace. When it ends, the kernel ends
# everything else in the lab; it ends when its controller does (end of input).
# The second argument is a mark by which `lab down` finds a lab in the process table.
set -eu
scripts=$1
source "$scripts/services.sh"

read -r pid _ </proc/self/stat # The host's procfs is still mounted here: the host's pid.
mount --make-rprivate /
mount -t tmpfs -o mode=0755 lab /media
mkdir -p /media/nodes /media/bmc /media/shared /media/run
chmod 0700 /media/run
ip -batch - <<BATCH
link set lo up
BATCH

echo "ready $pid"
set +eu
obey
