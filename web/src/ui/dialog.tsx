/** A modal dialog of the browser's own: focus stays inside, Escape closes, the page behind is inert. */
import { type JSX, type ReactNode, useEffect, useId, useRef } from "react";

interface Props {
  readonly title: string;
  readonly tone?: "plain" | "danger";
  readonly onClose: () => void;
  readonly children: ReactNode;
}

export function Dialog({ title, tone = "plain", onClose, children }: Props): JSX.Element {
  const ref = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const dialog = ref.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={ref}
      className={`dialog ${tone}`}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <h2 id={titleId}>{title}</h2>
      {children}
    </dialog>
  );
}
