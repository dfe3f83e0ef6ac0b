/** `GET /v1/volumes`: LVM's shared volume groups in the cluster, and what is mapped on the node that is asked. */
import { z } from "zod";
import type { GroupView } from "../core/view/volumes.ts";
import { LockMode } from "./locks.ts";
import { WallMillis } from "./words.ts";

const OfCommand = { node: z.string(), owner: z.string() };

export const VolumeGroup = z.object({
  name: z.string(),
  uuid: z.string(),
  started: z.array(z.string()),
  volumes: z.array(
    z.object({
      name: z.string(),
      uuid: z.string(),
      holders: z.array(z.object({ node: z.string(), mode: LockMode, since: WallMillis })),
    }),
  ),
  commands: z.array(z.object({ ...OfCommand, mode: LockMode })),
  waiting: z.array(z.object({ ...OfCommand, since: WallMillis, why: z.string() })),
}) satisfies z.ZodType<GroupView>;

export const VolumesReply = z.object({
  node: z.string(),
  /** Does this daemon answer LVM's commands? */
  answers: z.boolean(),
  groups: z.array(VolumeGroup),
  /** Mapped on this node; absent: device-mapper does not tell. */
  mapped: z
    .array(
      z.object({
        group: z.string(),
        volume: z.string(),
        uuid: z.string(),
        open: z.int(),
        suspended: z.boolean(),
      }),
    )
    .exactOptional(),
});
export type VolumesReply = z.infer<typeof VolumesReply>;
