/** Parameters as options of a command line. Source: fencing.py, _parse_input_cmdline; Python's gnu_getopt. */
import type { Parameter } from "./agent.ts";
import { longOption } from "./metadata.ts";
import type { Given } from "./read-stdin.ts";

/** Shape: options and other words in any order; `--` ends the options; long ones may be cut short. */
export function readArgv(argv: readonly string[], parameters: readonly Parameter[]): Given {
  const texts = new Map<string, string>();
  const unused: string[] = [];
  let verbosity = 0;
  const put = (parameter: Parameter, value: string): void => {
    if (parameter.name === "verbose") verbosity++;
    texts.set(parameter.name, value);
  };
  const given = (failure?: string): Given => {
    if (!texts.has("verbose_level")) texts.set("verbose_level", String(verbosity));
    return {
      texts,
      warnings: unused.length === 0 ? [] : [`Unused arguments on command line: ${unused.length} of them`],
      ...(failure === undefined ? {} : { failure: `Parse error: ${failure}` }),
    };
  };

  const words = [...argv];
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word === "--") {
      unused.push(...words);
      break;
    }
    if (word.startsWith("--")) {
      const problem = long(word.slice(2));
      if (problem !== undefined) return given(problem);
    } else if (word.startsWith("-") && word !== "-") {
      const problem = shorts(word.slice(1));
      if (problem !== undefined) return given(problem);
    } else unused.push(word);
  }
  return given();

  function long(text: string): string | undefined {
    const at = text.indexOf("=");
    const wanted = at < 0 ? text : text.slice(0, at);
    const value = at < 0 ? undefined : text.slice(at + 1);
    const similar = parameters.filter((one) => optionOf(one).startsWith(wanted));
    const parameter = similar.find((one) => optionOf(one) === wanted) ?? similar[0];
    if (parameter === undefined) return `option --${wanted} not recognized`;
    if (similar.length > 1 && optionOf(parameter) !== wanted) {
      return `option --${wanted} not a unique prefix`;
    }
    const option = optionOf(parameter);
    if (parameter.type === "boolean") {
      if (value !== undefined) return `option --${option} must not have an argument`;
      put(parameter, "1");
      return undefined;
    }
    const argument = value ?? words.shift();
    if (argument === undefined) return `option --${option} requires argument`;
    put(parameter, argument);
    return undefined;
  }

  function shorts(letters: string): string | undefined {
    let rest = letters;
    while (rest !== "") {
      const letter = rest.slice(0, 1);
      rest = rest.slice(1);
      const parameter = parameters.find(({ short }) => short === letter);
      if (parameter === undefined) return `option -${letter} not recognized`;
      if (parameter.type === "boolean") {
        put(parameter, "1");
        continue;
      }
      const value = rest === "" ? words.shift() : rest;
      if (value === undefined) return `option -${letter} requires argument`;
      put(parameter, value);
      rest = "";
    }
    return undefined;
  }
}

function optionOf({ name, long }: Parameter): string {
  return long ?? longOption(name);
}
