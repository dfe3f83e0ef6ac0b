# Sourced by the init scripts. Whoever feeds standard input is the lab's controller: each line is
# `NUMBER COMMAND`, answered by `done NUMBER CODE` on standard output. End of input ends the init.

# service NAME LOG COMMAND...: starts a process, in a group of its own, and tells when it started and ended.
service() {
  local name=$1 log=$2
  shift 2
  (
    setsid "$@" </dev/null >>"$log" 2>&1 &
    child=$!
    echo "started $name $child"
    wait "$child"
    echo "ended $name $?"
  ) &
}

# listens NAME: waits until a process of this network namespace listens on the abstract socket NAME.
listens() {
  local tries
  for ((tries = 0; tries < 500; tries++)); do
    [[ "$(</proc/net/unix)" == *"@$1"* ]] && return 0
    sleep 0.02
  done
  return 1
}

obey() {
  local number command code
  while read -r number command; do
    code=0
    eval "$command" || code=$?
    echo "done $number $code"
  done
}
