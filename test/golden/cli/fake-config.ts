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
