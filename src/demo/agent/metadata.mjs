/** What the demo's agent says of itself, in the form that the fence-agents library uses. */

const ACTIONS = [
  "on",
  "off",
  "reboot",
  "status",
  "monitor",
  "list",
  "list-status",
  "metadata",
  "validate-all",
];

/** Shape: new name, old name, short option, type, default, required, what it is. */
const PARAMETERS = [
  ["action", "", "o", "string", "reboot", "1", "Fencing action"],
  ["ip", "ipaddr", "a", "string", "", "1", "Unix socket of the simulated iLO"],
  ["username", "login", "l", "string", "", "1", "Login name"],
  ["password", "passwd", "p", "string", "", "0", "Login password"],
  ["password_script", "passwd_script", "S", "string", "", "0", "Script that prints the password"],
  ["plug", "port", "n", "string", "", "0", "Ignored: a simulated iLO has one machine"],
  ["delay", "", "f", "second", "0", "0", "Wait before off and reboot"],
  ["power_wait", "", "", "second", "0", "0", "Wait after on and off"],
];

function formatParameter([name, old, short, type, fallback, required, about]) {
  const describe = (shown, extra) => `\t<parameter name="${shown}" unique="0" required="${required}"${extra}>
\t\t<getopt mixed="${short === "" ? "" : `-${short}, `}--${name.replace("_", "-")}=[${name}]" />
\t\t<content type="${type}"${fallback === "" ? "" : ` default="${fallback}"`} />
\t\t<shortdesc lang="en">${about}</shortdesc>
\t</parameter>`;
  const now = describe(name, old === "" ? "" : ` obsoletes="${old}"`);
  return old === "" ? now : `${describe(old, ' deprecated="1"')}\n${now}`;
}

export const METADATA = `<?xml version="1.0" ?>
<resource-agent name="fence_bouncer_demo" shortdesc="Fence agent for the simulated iLO of the demo" >
<longdesc>Switches a simulated machine of the demo off and on. Power off really ends its processes.</longdesc>
<parameters>
${PARAMETERS.map(formatParameter).join("\n")}
</parameters>
<actions>
${ACTIONS.map((name) => `\t<action name="${name}" />`).join("\n")}
</actions>
</resource-agent>`;
