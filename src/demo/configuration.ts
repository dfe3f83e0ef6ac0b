/** The demo's cluster.conf: two nodes with a simulated iLO and one without an agent. Stories: an iLO each. */
import type { DemoLayout, NodeLayout } from "./layout.ts";

/** In the demo the last node has no agent: a person has to fence it. */
function hasMethod(layout: DemoLayout, node: NodeLayout): boolean {
  return layout.kind === "story" || node.id !== layout.nodes.length;
}

export const ILO_LOGIN = "admin";

export function formatConfiguration(layout: DemoLayout): string {
  const fenced = layout.nodes.filter((node) => hasMethod(layout, node));
  const twoNode = layout.nodes.length === 2 ? '\n\t<cman two_node="1" expected_votes="1"/>' : "";
  return `<?xml version="1.0"?>
<cluster name="tpve" config_version="1">${twoNode}
	<fence_daemon post_join_delay="6"/>
	<fencedevices>
${fenced.map((node) => formatDevice(layout, node)).join("\n")}
	</fencedevices>
	<clusternodes>
${layout.nodes.map((node) => formatNode(layout, node)).join("\n")}
	</clusternodes>
</cluster>
`;
}

function formatDevice(layout: DemoLayout, { name, ilo }: NodeLayout): string {
  const where = `ipaddr="${ilo}" login="${ILO_LOGIN}" passwd_script="${layout.passwordScript}"`;
  return `\t\t<fencedevice agent="${layout.agent}" name="${name}" ${where}/>`;
}

function formatNode(layout: DemoLayout, node: NodeLayout): string {
  const head = `\t\t<clusternode name="${node.name}" nodeid="${node.id}" votes="1"`;
  if (!hasMethod(layout, node)) return `${head}/>`;
  return `${head}>
			<fence>
				<method name="ilo">
					<device name="${node.name}"/>
				</method>
			</fence>
		</clusternode>`;
}
