import type { Reply } from "../core/effects.ts";

/** One reply as one line of a story. */
export function formatReply(reply: Reply): string {
  if (!reply.ok) return `error ${reply.error}: ${reply.detail}`;
  const { result } = reply;
  switch (result.type) {
    case "fenced":
    case "unfenced":
      return `${result.type} ${result.outcome}`;
    case "acknowledged":
      return `acknowledged, victims left: ${result.victimsLeft.length}`;
    case "checked":
      return `checked ${result.devices.map((d) => `${d.deviceName}=${d.power}`).join(" ")}`;
    default:
      return result.type;
  }
}
