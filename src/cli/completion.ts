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
}

function completed(program: Command): Completed[] {
  return program.commands
    .filter((command) => command.name() !== NAMES_COMMAND)
    .map((command) => ({
      name: command.name(),
      description: command.description().replaceAll("'", "").replaceAll(":", ","),
      options: command.options.flatMap((option) => (option.long === undefined ? [] : [option.long ?? ""])),
      takesNode: command.registeredArguments.some((argument) => argument.name() === "node"),
    }));
}

const DEMO_WORDS =
  "run status cut heal split crash power hang resume daemon-crash daemon-start freeze-disk thaw-disk device workload";

/** Words after a command that are neither options nor nodes. */
function words(name: string): string {
  if (name === "completion") return "bash zsh";
  return name === "demo" ? `${DEMO_WORDS} $(bouncer ${NAMES_COMMAND} 2>/dev/null)` : "";
}

export function bashCompletion(program: Command): string {
  const all = completed(program);
  const cases = all.map((command) => {
    const nodes = command.takesNode ? `$(bouncer ${NAMES_COMMAND} 2>/dev/null)` : words(command.name);
    const choices = [...command.options, nodes].filter((word) => word !== "").join(" ");
    return `    ${command.name}) choices="${choices}" ;;`;
  });
  return `# Tab completion of bouncer for bash. Made by: bouncer completion bash
_bouncer() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD - 1]} command= choices= at
  if [[ $before == --socket ]]; then
    mapfile -t COMPREPLY < <(compgen -f -- "$word")
    return
  fi
  if [[ $before == --for ]]; then
    mapfile -t COMPREPLY < <(compgen -W "open joined left synced" -- "$word")
    return
  fi
  for ((at = 1; at < COMP_CWORD; at++)); do
    case \${COMP_WORDS[at]} in
    --socket) ((at++)) ;;
    -*) ;;
    *)
      command=\${COMP_WORDS[at]}
      break
      ;;
    esac
  done
  case $command in
    "") choices="${all.map((command) => command.name).join(" ")} help --socket --help" ;;
${cases.join("\n")}
    help) choices="${all.map((command) => command.name).join(" ")}" ;;
  esac
  mapfile -t COMPREPLY < <(compgen -W "$choices" -- "$word")
}
complete -F _bouncer bouncer
`;
}

export function zshCompletion(program: Command): string {
  const all = completed(program);
  const described = all.map((command) => `    '${command.name}:${command.description}'`);
  const cases = all.map((command) => {
    const nodes = command.takesNode
      ? `\${(f)"$(bouncer ${NAMES_COMMAND} 2>/dev/null)"}`
      : words(command.name);
    const choices = [...command.options, nodes].filter((word) => word !== "").join(" ");
    return `    ${command.name}) compadd -- ${choices} ;;`;
  });
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
