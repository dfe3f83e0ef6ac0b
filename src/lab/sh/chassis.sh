# What ipmi_sim runs to read or switch the power of its machine: `chassis FOLDER DESK CONTROLLER FILE get power`.
# Sourced, so that a reading costs one shell and no program: with real controllers it costs their host nothing.
# FILE holds the answer. Source: ipmi_sim(1), "chassis_control".
chassis() {
  folder=$1 desk=$2 controller=$3 power=$4
  shift 4
  case "$1 $2" in
    "get power") read -r line <"$power" && echo "$line" ;;
    *) exec perl "$folder/chassis.pl" "$desk" "$controller" "$@" ;;
  esac
}
