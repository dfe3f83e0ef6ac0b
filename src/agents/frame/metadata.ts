/** The metadata of an agent, byte for byte in the form that fence-agents prints. */
import type { BuiltinAgent, Parameter } from "./agent.ts";

export function formatMetadata(agent: BuiltinAgent): string {
  const others = agent.actions.filter((action) => action !== "on");
  return [
    '<?xml version="1.0" ?>',
    `<resource-agent name="${attribute(agent.name)}" shortdesc="${attribute(agent.shortdesc)}" >`,
    ...agent.symlinks.map(
      ([name, shortdesc]) => `<symlink name="${attribute(name)}" shortdesc="${attribute(shortdesc)}"/>`,
    ),
    `<longdesc>${content(agent.longdesc)}</longdesc>`,
    `<vendor-url>${content(agent.vendorUrl)}</vendor-url>`,
    "<parameters>",
    ...named(agent.parameters.filter(({ hidden }) => hidden !== true)).flatMap(parameterLines),
    "</parameters>",
    "<actions>",
    ...(agent.actions.includes("on") ? [`\t<action name="on" ${onOf(agent)}/>`] : []),
    ...others.map((action) => `\t<action name="${attribute(action)}" />`),
    "</actions>",
    "</resource-agent>",
    "",
  ].join("\n");
}

function onOf({ onTarget }: BuiltinAgent): string {
  return onTarget === true ? 'on_target="1" automatic="1"' : 'automatic="0"';
}

interface Named {
  readonly name: string;
  readonly note: string;
  readonly parameter: Parameter;
}

/** Each parameter by its name, and once more by the name that it had before. */
function named(parameters: readonly Parameter[]): readonly Named[] {
  return parameters
    .flatMap((parameter): Named[] => {
      const { name, alias } = parameter;
      if (alias === undefined) return [{ name, note: "", parameter }];
      return [
        { name, note: ` obsoletes="${attribute(alias)}"`, parameter },
        { name: alias, note: ' deprecated="1"', parameter },
      ];
    })
    .sort((a, b) => a.parameter.order - b.parameter.order || (a.name < b.name ? -1 : 1));
}

function parameterLines({ name, note, parameter }: Named): string[] {
  const { type, required, description } = parameter;
  const standard = parameter.default === undefined ? "" : `default="${attribute(parameter.default)}" `;
  const inner =
    type === "select"
      ? [
          `\t\t<content type="select" ${standard} >`,
          ...(parameter.options ?? []).map((option) => `\t\t\t<option value="${attribute(option)}" />`),
          "\t\t</content>",
        ]
      : [`\t\t<content type="${type}" ${standard} />`];
  return [
    `\t<parameter name="${attribute(name)}" unique="0" required="${required ? "1" : "0"}"${note}>`,
    `\t\t<getopt mixed="${attribute(usageOf(parameter))}" />`,
    ...inner,
    `\t\t<shortdesc lang="en">${content(description)}</shortdesc>`,
    "\t</parameter>",
  ];
}

/** `-a, --ip=[ip]` */
export function usageOf({ name, long, short, placeholder }: Parameter): string {
  const letter = short === undefined ? "" : `-${short}, `;
  const value = placeholder === undefined ? "" : `=${placeholder}`;
  return `${letter}--${long ?? longOption(name)}${value}`;
}

/** The option of the command line: `power-wait`. */
export function longOption(name: string): string {
  return name.replaceAll("_", "-");
}

function content(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function attribute(text: string): string {
  return content(text).replaceAll('"', "&quot;").replaceAll("'", "&apos;");
}
