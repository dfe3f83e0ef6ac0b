/** Labelled inputs. */
import { type JSX, type ReactNode, useId } from "react";

interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly hint?: string;
  readonly type?: "text" | "password" | "number";
  readonly autoComplete?: string;
  readonly isWrong?: boolean;
  readonly isReadOnly?: boolean;
  readonly maxLength?: number;
  readonly lines?: number;
}

export function Field({
  label,
  value,
  onChange,
  hint,
  type = "text",
  autoComplete = "off",
  isWrong,
  isReadOnly,
  maxLength,
  lines,
}: FieldProps): JSX.Element {
  const id = useId();
  const hintId = useId();
  const common = {
    id,
    value,
    maxLength,
    readOnly: isReadOnly === true,
    "aria-invalid": isWrong === true,
    ...(hint === undefined ? {} : { "aria-describedby": hintId }),
  } as const;
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {lines === undefined ? (
        <input
          {...common}
          type={type}
          autoComplete={autoComplete}
          spellCheck={false}
          onChange={(e) => onChange(e.target.value)}
        />
      ) : (
        <textarea {...common} rows={lines} onChange={(e) => onChange(e.target.value)} />
      )}
      {hint !== undefined && (
        <small id={hintId} className="dim">
          {hint}
        </small>
      )}
    </div>
  );
}

interface ChoiceProps<T extends string> {
  readonly label: string;
  readonly options: readonly (readonly [value: T, text: string])[];
  readonly value: T | undefined;
  readonly onChange: (value: T) => void;
}

export function Choice<T extends string>({ label, options, value, onChange }: ChoiceProps<T>): JSX.Element {
  const name = useId();
  return (
    <fieldset className="choice">
      <legend>{label}</legend>
      {options.map(([option, text]) => (
        <label key={option}>
          <input
            type="radio"
            name={name}
            value={option}
            checked={option === value}
            onChange={() => onChange(option)}
          />
          {text}
        </label>
      ))}
    </fieldset>
  );
}

export function Select<T extends string>({ label, options, value, onChange }: ChoiceProps<T>): JSX.Element {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => onChange(event.target.value as T)}>
        {options.map(([option, text]) => (
          <option key={option} value={option}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}

export function Panel({
  title,
  children,
  className = "",
  aside,
}: {
  readonly title: string;
  readonly children: ReactNode;
  readonly className?: string;
  readonly aside?: ReactNode;
}): JSX.Element {
  const id = useId();
  return (
    <section className={`panel ${className}`} aria-labelledby={id}>
      <header>
        <h2 id={id}>{title}</h2>
        {aside}
      </header>
      {children}
    </section>
  );
}
