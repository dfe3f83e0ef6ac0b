/** Brings what is staged into force on all members. Reversible, and by itself when one asks for that. */
import { type JSX, useState } from "react";
import { useSession } from "../live/session.ts";
import { daemon } from "../live/transport.ts";
import { useText } from "../text/language.ts";
import { Select } from "../ui/fields.tsx";
import { ConfirmDialog } from "./confirm-dialog.tsx";

const CONFIRM_MINUTES = ["0", "5", "30"] as const;
type Minutes = (typeof CONFIRM_MINUTES)[number];

interface Props {
  readonly version: number;
  readonly onClose: () => void;
}

export function ActivateDialog({ version, onClose }: Props): JSX.Element {
  const t = useText();
  const { session } = useSession();
  const [minutes, setMinutes] = useState<Minutes>("0");
  const isTimed = minutes !== "0";
  const within = isTimed ? { withinMs: Number(minutes) * 60_000 } : {};
  return (
    <ConfirmDialog
      title={t.config.activateTitle(version)}
      what={t.config.activateWhat}
      choice={
        <Select<Minutes>
          label={t.config.confirmTimer}
          value={minutes}
          onChange={setMinutes}
          options={CONFIRM_MINUTES.map(
            (one) => [one, one === "0" ? t.config.noTimer : t.config.minutes(Number(one))] as const,
          )}
        />
      }
      verb={t.config.activateVerb}
      command={`bouncer config activate ${version}${isTimed ? ` --confirm-within ${minutes}m` : ""}`}
      onConfirm={() => daemon.configActivate({ by: session.user ?? "", version, ...within })}
      onClose={onClose}
    >
      {(done) => <p>{t.config.activatedNow(done.version)}</p>}
    </ConfirmDialog>
  );
}
