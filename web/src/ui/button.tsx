import type { JSX, ReactNode, Ref } from "react";

interface Props {
  readonly children: ReactNode;
  readonly onPress: () => void;
  readonly kind?: "plain" | "primary" | "danger" | "quiet";
  readonly isDisabled?: boolean;
  /** Why it is disabled: said to whoever asks. */
  readonly title?: string | undefined;
  readonly label?: string;
  readonly buttonRef?: Ref<HTMLButtonElement>;
}

export function Button({
  children,
  onPress,
  kind = "plain",
  isDisabled,
  title,
  label,
  buttonRef,
}: Props): JSX.Element {
  return (
    <button
      type="button"
      className={`button ${kind}`}
      disabled={isDisabled === true}
      title={title}
      aria-label={label}
      ref={buttonRef}
      onClick={onPress}
    >
      {children}
    </button>
  );
}
