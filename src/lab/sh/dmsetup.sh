#!/bin/bash
# In the place of dmsetup on a node of the lab. All nodes have one kernel, so what one of them mapped would be
# there on all; a story writes down what a node has mapped instead, in /run, where a power failure wipes it:
# /run/dm/NAME holds `UUID OPEN Active|Suspended MAJOR:MINOR`. What is asked of it is noted in /run/dm.log.
set -u
table=/run/dm
mkdir -p "$table"
echo "$*" >>/run/dm.log
command=$1
shift
case $command in
info)
  for file in "$table"/*; do
    [[ -e $file ]] || continue
    read -r uuid open state device <"$file"
    echo "${file##*/}|$uuid|$open|$state|$device"
  done
  ;;
suspend | resume)
  [[ $command == suspend ]] && state=Suspended || state=Active
  for name in "$@"; do
    [[ $name == --* ]] && continue
    read -r uuid open _ device <"$table/$name" || exit 1
    echo "$uuid $open $state $device" >"$table/$name.new"
    mv "$table/$name.new" "$table/$name"
  done
  ;;
*)
  echo "dmsetup of the lab: $command is not known" >&2
  exit 1
  ;;
esac
