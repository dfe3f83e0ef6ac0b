/** date(1) in the C locale: `Sat Dec 29 21:31:00 MSK 2012`. */
import type { WallMillis } from "../../core/ids.ts";
import { formatClock } from "../format/time.ts";

const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

export function formatDate(at: WallMillis): string {
  const date = new Date(at);
  const parts = new Intl.DateTimeFormat("en-US", { timeZoneName: "short" }).formatToParts(date);
  const zone = parts.find((part) => part.type === "timeZoneName")?.value ?? "UTC";
  const day = String(date.getDate()).padStart(2, " ");
  return `${DAYS[date.getDay()]} ${MONTHS[date.getMonth()]} ${day} ${formatClock(at)} ${zone} ${date.getFullYear()}`;
}
