/** `<volume_groups>`: LVM's volume groups on shared storage, and what a freeze does to their volumes. */
import type { Problems } from "./problem.ts";
import { booleanOf, childrenOf, placeOf, quoted, textOf } from "./values.ts";
import type { Element } from "./xml.ts";

/** Units: characters. Source: lvm(8). */
const NAME_CHARS_MAX = 127;
const NAME = /^[A-Za-z0-9_+.][A-Za-z0-9_+.-]*$/;

/** Answers the names of those whose volumes are suspended while storage is held. */
export function readVolumeGroups(element: Element | undefined, problems: Problems): readonly string[] {
  const seen = new Set<string>();
  return childrenOf(element, "volume_group").flatMap((group) => {
    const name = textOf(group, "name");
    const suspend = booleanOf(group, "suspend", problems);
    if (name === undefined) return [];
    const place = placeOf(group, "name");
    if (name.length > NAME_CHARS_MAX || !NAME.test(name) || name === "." || name === "..") {
      const expected = `a name of LVM: letters, digits and _ + . -, at most ${NAME_CHARS_MAX}, not - first`;
      problems.error(place, `volume group ${quoted(name)}`, expected);
      return [];
    }
    if (seen.has(name))
      problems.error(place, `volume group ${quoted(name)} is there twice`, "each of them once");
    seen.add(name);
    return suspend === true ? [name] : [];
  });
}
