/** The configuration of a fake daemon: answers as they are written down, everything else refused. */
import type { ConfigDesk } from "../../../src/adapters/http/backend.ts";
import { OperationError } from "../../../src/core/errors.ts";

export type ConfigAnswers = Partial<ConfigDesk>;

function refuse(): never {
  throw new OperationError("DOM_NOT_SYNCED", "this world has no configuration");
}

export function configDeskOf(answers: ConfigAnswers = {}): ConfigDesk {
  return {
    show: refuse,
    text: refuse,
    history: refuse,
    diff: refuse,
    validate: refuse,
    stage: refuse,
    activate: refuse,
    confirm: refuse,
    discard: refuse,
    ...answers,
  };
}

const NAME = { version: 2, digest: "d2" };
const DONE = { ...NAME, epoch: 3 };

/** Says yes to everything. */
export const AGREEABLE: ConfigDesk = {
  show: () => ({
    node: "n1",
    at: 1,
    inForce: { ...NAME, by: "root", at: 1, comment: "" },
    epoch: 3,
    established: true,
    file: { path: "/etc/cluster/cluster.conf", state: "same", version: 2 },
  }),
  text: async (of) => ({ name: of, version: 2, digest: "d2", text: "<cluster/>" }),
  history: async () => [{ ...NAME, by: "root", at: 1, comment: "" }],
  diff: async (a, b) => ({ a: { name: a }, b: { name: b }, same: true, text: "", changes: [] }),
  validate: async () => ({ ok: true, version: 2, problems: [], fixed: [] }),
  stage: async () => ({ type: "staged", ...DONE, raised: false, warnings: [] }),
  activate: async () => ({ type: "activated", ...DONE }),
  confirm: async () => ({ type: "confirmed", ...DONE }),
  discard: async () => ({ type: "discarded", ...DONE }),
};
