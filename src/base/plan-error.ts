/** Where in a file a mistake stands; lines and columns count from one. */
export interface Place {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  /** The source line itself, shown with a caret under `column`. */
  readonly text?: string;
}

export type PlanErrorCode =
  | "missing-file"
  | "unreadable"
  | "bad-syntax"
  | "missing-key"
  | "unknown-key"
  | "unknown-name"
  | "wrong-type"
  | "wrong-unit"
  | "out-of-range"
  | "contradiction"
  | "bad-trace"
  | "bad-flag";

export interface PlanErrorDetails {
  readonly code: PlanErrorCode;
  /** What is wrong, as a clause that can follow the path: "must be at least 1". */
  readonly message: string;
  readonly place?: Place | undefined;
  /** Dotted path in the scenario, such as `pools.gpus.replicas.min`. */
  readonly path?: string | undefined;
  /** The offending value as the user wrote it. */
  readonly value?: string | undefined;
  /** What would be allowed, or the nearest known name. */
  readonly hint?: string | undefined;
  /** Other mistakes found at the same time, one line each. */
  readonly others?: readonly string[] | undefined;
}

/** A mistake of the user's: where it stands, what it is, how to mend it. Ends the command with exit code 2. */
export class PlanError extends Error {
  override readonly name = "PlanError";
  readonly details: PlanErrorDetails;

  constructor(details: PlanErrorDetails) {
    super(describe(details));
    this.details = details;
  }
}

function describe({ message, place, path, value, hint, others }: PlanErrorDetails): string {
  const position = place === undefined ? "" : `${[place.file, place.line, place.column].filter((part) => part !== undefined).join(":")}: `;
  const subject = path === undefined || path === "" ? "" : `${path}: `;
  const shown = value === undefined ? "" : ` (found ${value})`;
  const lines = [`${position}${subject}${message}${shown}`];
  if (place?.text !== undefined && place.column !== undefined) {
    const gutter = `  ${place.line} | `;
    lines.push(`${gutter}${place.text}`, `${" ".repeat(gutter.length + place.column - 1)}^`);
  }
  if (hint !== undefined) lines.push(`  hint: ${hint}`);
  for (const other of others ?? []) lines.push(`  also: ${other}`);
  return lines.join("\n");
}
