# Tab completion of bouncer for bash. Made by: bouncer completion bash
_bouncer() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} command= choices= files= at
  if [[ $before == --socket || $before == --config ]]; then
    mapfile -t COMPREPLY < <(compgen -f -- "$word")
    return
  fi
  if [[ $before == --for ]]; then
    mapfile -t COMPREPLY < <(compgen -W "open joined left synced" -- "$word")
    return
  fi
  if [[ $before == --profile ]]; then
    mapfile -t COMPREPLY < <(compgen -W "partitions power disks activation upgrade everything" -- "$word")
    return
  fi
  if [[ " --lose --power-cut --daemon-down --disk-hang --fence --away --cut " == *" $before "* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$(bouncer complete-nodes 2>/dev/null)" -- "$word")
    return
  fi
  for ((at = 1; at < COMP_CWORD; at++)); do
    case ${COMP_WORDS[at]} in
    --socket) ((at++)) ;;
    -*) ;;
    *)
      if [[ -n $command ]]; then
        command+=" ${COMP_WORDS[at]}"
        break
      fi
      command=${COMP_WORDS[at]}
      [[ " lvm config secret user token " == *" $command "* ]] || break
      ;;
    esac
  done
  case $command in
    "") choices="status why join leave wait fence unfence power ack check agents agent bmc coverage what-if simulate locks lvm lock replay history config corosync-conf import secret watch console user token audit demo completion version help --socket --help" ;;
    status) choices="--json" ;;
    why) choices="--json" ;;
    join) choices="--json" ;;
    leave) choices="--wait --json" ;;
    wait) choices="--for --timeout --json" ;;
    fence) choices="--yes --json $(bouncer complete-nodes 2>/dev/null)" ;;
    unfence) choices="--json $(bouncer complete-nodes 2>/dev/null)" ;;
    power) choices="--json $(bouncer complete-nodes 2>/dev/null)" ;;
    ack) choices="--statement --yes-it-is-off --contradict --json $(bouncer complete-nodes 2>/dev/null)" ;;
    check) choices="--json $(bouncer complete-nodes 2>/dev/null)" ;;
    agents) choices="--builtin --json" ;;
    agent) choices="" ;;
    bmc) choices="--type --port --host --login --password --off-ms --on-ms --fault" ;;
    coverage) choices="--config --single --token --strict --json" ;;
    what-if) choices="--config --lose --power-cut --device-down --daemon-down --disk-hang --fence --away --cut --token --all --strict --json" ;;
    simulate) choices="--seeds --first --budget --profile --seed --verbose --check --json" files=yes ;;
    locks) choices="--waiting --json" ;;
    lvm) choices="status" ;;
    "lvm status") choices="--json" ;;
    lock) choices="--mode --lockspace --wait --try" ;;
    replay) choices="--decisions --json" files=yes ;;
    history) choices="--limit --json" ;;
    config) choices="status show text validate diff stage activate confirm discard history rollback schema" ;;
    "config status") choices="--json" ;;
    "config show") choices="--json" files=yes ;;
    "config text") choices="--json" ;;
    "config validate") choices="--json --format --strict --file-only" files=yes ;;
    "config diff") choices="--json --exit-code --no-text" files=yes ;;
    "config stage") choices="--comment --replace --json" files=yes ;;
    "config activate") choices="--confirm-within --comment --wait --json" ;;
    "config confirm") choices="--json" ;;
    "config discard") choices="--json" ;;
    "config history") choices="--limit --json" ;;
    "config rollback") choices="--confirm-within --comment --wait --json" ;;
    "config schema") choices="" ;;
    corosync-conf) choices="--config --write --diff --json" ;;
    import) choices="--from --name --corosync-conf --out --json" files=yes ;;
    secret) choices="seal verify" ;;
    "secret seal") choices="--key --rotate" ;;
    "secret verify") choices="--key" ;;
    watch) choices="--json" ;;
    console) choices="--role --minutes --json" ;;
    user) choices="add list passwd role remove" ;;
    "user add") choices="--role --no-password" ;;
    "user list") choices="--json" ;;
    "user passwd") choices="" ;;
    "user role") choices="" ;;
    "user remove") choices="" ;;
    token) choices="add list revoke" ;;
    "token add") choices="--role --days --routes --json" ;;
    "token list") choices="--json" ;;
    "token revoke") choices="" ;;
    audit) choices="--limit --json" ;;
    demo) choices="run status cut heal split crash power hang resume daemon-crash daemon-start freeze-disk thaw-disk device workload $(bouncer complete-nodes 2>/dev/null)" ;;
    completion) choices="bash zsh" ;;
    version) choices="" ;;
    help) choices="status why join leave wait fence unfence power ack check agents agent bmc coverage what-if simulate locks lvm lock replay history config corosync-conf import secret watch console user token audit demo completion version" ;;
  esac
  mapfile -t COMPREPLY < <(compgen -W "$choices" ${files:+-f} -- "$word")
}
complete -F _bouncer bouncer
