#!/bin/sh
# launch.sh TOOL [ARGUMENT ...]: runs one of our commands with the Node that belongs to this copy.
# Called by the launchers in the root directory, which may be linked from anywhere.
here=$(dirname "$(readlink -f "$0")")
root=$(dirname "$(dirname "$here")")

case $root in
  */node_modules/*)
    echo "$1: Bouncer does not run inside a node_modules directory; copy it, or link it, from $root" >&2
    exit 69
    ;;
esac

entry=main.ts
case "$1 $2 $3" in
  "bouncer agent fence_"*)
    entry=agent-main.ts # Loads less: agents are called often, and have to be quick.
    shift 2
    ;;
esac

# In a checkout the dependencies are inside; a copy may have them beside it.
for modules in "$root/node_modules" "$(dirname "$root")/node_modules"; do
  if [ -x "$modules/.bin/node" ]; then
    # Compiled code is kept beside the packages: a command then starts in half the time.
    NODE_COMPILE_CACHE=${NODE_COMPILE_CACHE-$modules/.cache/bouncer}
    export NODE_COMPILE_CACHE
    exec "$modules/.bin/node" "$here/$entry" "$@"
  fi
done

if command -v node >/dev/null 2>&1 && [ -f "$root/scripts/run.mjs" ]; then
  exec node "$root/scripts/run.mjs" "$here/$entry" "$@" # Installs what is missing, then runs it.
fi

echo "$1: the runtime of Bouncer is missing in $root. Run there: npm ci" >&2
exit 69
