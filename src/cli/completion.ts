/** The completion scripts for bash and zsh, made from the commands themselves. */
import type { Command } from "commander";

/** Prints node names, one per line; says nothing when the daemon does not answer. */
export const NAMES_COMMAND = "complete-nodes";

interface Completed {
  readonly name: string;
  readonly description: string;
  /** Long options, `--json`. */
  readonly options: readonly string[];
  readonly takesNode: boolean;
  readonly takesFile: boolean;
  /** Of a group: `config validate`. */
  readonly inner: readonly Completed[];
}

function completed(program: Command): Completed[] {
  return program.commands
    .filter((command) => command.name() !== NAMES_COMMAND)
    .map(
      (command): Completed => ({
        name: command.name(),
        description: command.description().replaceAll("'", "").replaceAll(":", ","),
        options: command.options.flatMap((option) => (option.long === undefined ? [] : [option.long ?? ""])),
        takesNode: takes(command, "node"),
        takesFile: takes(command, "file"),
        inner: completed(command),
      }),
    );
}

function takes(command: Command, what: string): boolean {
  return command.registeredArguments.some((argument) => argument.name().replace(/[\ds]$/, "") === what);
}

const DEMO_WORDS =
  "run status cut heal split crash power hang resume daemon-crash daemon-start freeze-disk thaw-disk device workload";

/** Of the simulator; it is not loaded for their names. */
const PROFILES = "partitions power disks activation upgrade everything";

/** Options whose value is the name of a node. */
const NODE_OPTIONS = "--lose --power-cut --daemon-down --disk-hang --fence --away --cut";

/** Words after a command that are neither options nor nodes. */
function words(name: string): string {
  if (name === "completion") return "bash zsh";
  return name === "demo" ? `${DEMO_WORDS} $(bouncer ${NAMES_COMMAND} 2>/dev/null)` : "";
}

/** A group offers its commands; behind one of them `command` is both words. */
function bashCases(command: Completed): readonly string[] {
  const nodes = command.takesNode ? `$(bouncer ${NAMES_COMMAND} 2>/dev/null)` : words(command.name);
  const names = command.inner.map(({ name }) => name);
  const choices = [...names, ...command.options, nodes].filter((word) => word !== "").join(" ");
  const files = command.takesFile ? " files=yes" : "";
  const own = `    ${quotedPattern(command.name)}) choices="${choices}"${files} ;;`;
  const inner = command.inner.map((one) => ({ ...one, name: `${command.name} ${one.name}` }));
  return [own, ...inner.flatMap(bashCases)];
}

function quotedPattern(name: string): string {
  return name.includes(" ") ? `"${name}"` : name;
}

export function bashCompletion(program: Command): string {
  const all = completed(program);
  const cases = all.flatMap(bashCases);
  return `# Tab completion of bouncer for bash. Made by: bouncer completion bash
_bouncer() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD - 1]} command= choices= files= at
  if [[ $before == --socket || $before == --config ]]; then
    mapfile -t COMPREPLY < <(compgen -f -- "$word")
    return
  fi
  if [[ $before == --for ]]; then
    mapfile -t COMPREPLY < <(compgen -W "open joined left synced" -- "$word")
    return
  fi
  if [[ $before == --profile ]]; then
    mapfile -t COMPREPLY < <(compgen -W "${PROFILES}" -- "$word")
    return
  fi
  if [[ " ${NODE_OPTIONS} " == *" $before "* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$(bouncer ${NAMES_COMMAND} 2>/dev/null)" -- "$word")
    return
  fi
  for ((at = 1; at < COMP_CWORD; at++)); do
    case \${COMP_WORDS[at]} in
    --socket) ((at++)) ;;
    -*) ;;
    *)
      if [[ -n $command ]]; then
        command+=" \${COMP_WORDS[at]}"
        break
      fi
      command=\${COMP_WORDS[at]}
      [[ " ${groups(all)} " == *" $command "* ]] || break
      ;;
    esac
  done
  case $command in
    "") choices="${all.map((command) => command.name).join(" ")} help --socket --help" ;;
${cases.join("\n")}
    help) choices="${all.map((command) => command.name).join(" ")}" ;;
  esac
  mapfile -t COMPREPLY < <(compgen -W "$choices" \${files:+-f} -- "$word")
}
complete -F _bouncer bouncer
`;
}

function groups(all: readonly Completed[]): string {
  return all
    .filter(({ inner }) => inner.length > 0)
    .map(({ name }) => name)
    .join(" ");
}

/** Of a group: the second word, then what that command takes. */
function zshCases(command: Completed, position: number): string {
  const nodes = command.takesNode ? `\${(f)"$(bouncer ${NAMES_COMMAND} 2>/dev/null)"}` : words(command.name);
  const choices = [...command.options, nodes].filter((word) => word !== "").join(" ");
  if (command.inner.length === 0) {
    const files = command.takesFile ? "; _files" : "";
    return `${command.name}) compadd -- ${choices}${files} ;;`;
  }
  const names = command.inner.map(({ name }) => name).join(" ");
  const inner = command.inner.map((one) => `    ${zshCases(one, position + 1)}`);
  const test = `((CURRENT == ${position + 1})) && compadd -- ${names}`;
  return `${command.name})\n      ${test}\n      case $words[${position + 1}] in\n${inner.join("\n")}\n      esac\n      ;;`;
}

export function zshCompletion(program: Command): string {
  const all = completed(program);
  const described = all.map((command) => `    '${command.name}:${command.description}'`);
  const cases = all.map((command) => `    ${zshCases(command, 2)}`);
  return `#compdef bouncer
# Tab completion of bouncer for zsh. Made by: bouncer completion zsh
_bouncer() {
  local -a commands=(
${described.join("\n")}
  )
  if ((CURRENT == 2)); then
    _describe command commands
    return
  fi
  case $words[2] in
${cases.join("\n")}
  esac
}
_bouncer "$@"
`;
}
