/** Attempts that wait, in some order that anyone may leave from any place. */
export interface WaitingLine {
  readonly length: number;
  /** Who is next, or `none`. */
  readonly head: number;
  join(attempt: number): void;
  /** Goes before everyone else, whatever the order, as who was preempted does. */
  joinAtHead(attempt: number): void;
  leave(attempt: number): void;
}
