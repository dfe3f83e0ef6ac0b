/** Files of a given size that make each part of the reading work as hard as it can: for tests and benchmark. */

const around = (inner: string, before = "") =>
  `<cluster name="c" config_version="1">${before}<clusternodes>${inner}</clusternodes></cluster>`;

const node = (index: number, inner: string): string =>
  `<clusternode name="n${index}" nodeid="${index + 1}">${inner}</clusternode>`;

/** As many parts as the limits allow, the rest of the size as blanks. */
function filled(
  bytesMax: number,
  frame: (inner: string) => string,
  part: (index: number) => string,
  partsMax = Number.POSITIVE_INFINITY,
): string {
  const room = bytesMax - frame("").length;
  const parts: string[] = [];
  let length = 0;
  for (let index = 0; index < partsMax; index++) {
    const next = part(index);
    if (length + next.length > room) break;
    parts.push(next);
    length += next.length;
  }
  return frame(parts.join("") + " ".repeat(room - length));
}

function attributes(count: number, name: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => ` ${name(index)}="1"`).join("");
}

const SHAPES = {
  "one comment": (bytes: number) =>
    filled(
      bytes,
      (inner) => around(node(0, `<!--${inner}-->`)),
      () => "x y ",
    ),
  "unknown elements": (bytes: number) =>
    filled(bytes, around, (index) => `<clusternod id="${index}"/>`, 9_900),
  "unknown attributes": (bytes: number) =>
    filled(
      bytes,
      (inner) => around(node(0, ""), inner),
      (index) => `<totem${attributes(100, (at) => `tokn${index % 97}_${at}`)}/>`,
      290,
    ),
  "long values": (bytes: number) =>
    filled(
      bytes,
      (inner) => around(node(0, ""), `<rm>${inner}</rm>`),
      () => `<x a="${"v".repeat(8_000)}"/>`,
    ),
  "nodes with all they may have": (bytes: number) =>
    filled(
      bytes,
      (inner) => `${around(inner).replace("</cluster>", "")}${DEVICE}</cluster>`,
      (index) => node(index, `<fence>${methods(index)}</fence>`),
      128,
    ),
  "lines without their devices": (bytes: number) =>
    filled(
      bytes,
      around,
      (index) =>
        node(
          index,
          `<fence><method name="m">${'<device name="device-that-is-not-there"/>'.repeat(16)}</method></fence>`,
        ),
      128,
    ),
  "devices that look alike": (bytes: number) =>
    filled(
      bytes,
      (inner) =>
        `<cluster name="c" config_version="1"><clusternodes>${node(0, `<fence>${lost()}</fence>`)}</clusternodes><fencedevices>${inner}</fencedevices></cluster>`,
      (index) =>
        `<fencedevice name="fence-device-${index}" agent="fence_own_${index}" ipaddr="192.0.2.1" passwd="a"/>`,
      7_000,
    ),
  "lines that use one device": (bytes: number) =>
    filled(
      bytes,
      (inner) => `${around(inner).replace("</cluster>", "")}${DEVICE}</cluster>`,
      (index) => node(index, `<fence>${fullMethods(index, 4)}</fence>`),
      128,
    ),
  "text of entities": (bytes: number) =>
    filled(
      bytes,
      (inner) => around(inner),
      () => "&lt;&#97;",
    ),
} as const;

function methods(node: number): string {
  return Array.from(
    { length: 4 },
    (_, method) =>
      `<method name="m${method}"><device name="d" port="${node}.${method}" action="off"/></method>`,
  ).join("");
}

function fullMethods(node: number, count: number): string {
  return Array.from(
    { length: count },
    (_, method) =>
      `<method name="m${method}">${Array.from({ length: 16 }, (_, at) => `<device name="d" port="${node}.${method}.${at}"/>`).join("")}</method>`,
  ).join("");
}

const DEVICE =
  '<fencedevices><fencedevice name="d" agent="fence_apc" ipaddr="192.0.2.1" login="l" passwd_script="/p"/></fencedevices>';

function lost(): string {
  return Array.from(
    { length: 16 },
    (_, at) => `<method name="m${at}">${'<device name="fence-device-x"/>'.repeat(16)}</method>`,
  ).join("");
}

export type HostileShape = keyof typeof SHAPES;

export const HOSTILE_SHAPES = Object.keys(SHAPES) as readonly HostileShape[];

export function hostileFile(shape: HostileShape, bytesMax: number): string {
  return SHAPES[shape](bytesMax);
}
