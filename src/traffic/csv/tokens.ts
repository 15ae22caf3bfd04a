/** Most tokens that a cell may hold: what a column's 32 bits can. */
export const mostTokens = 2_147_483_647;

/**
 * The token count in a cell, from the bytes from `start` to `end`; -1 when it is not a whole number that a column can hold.
 * Zeros may stand after a decimal point, since some programs write 128 as 128.0.
 */
export function readTokens(bytes: Uint8Array, start: number, end: number): number {
  let tokens = 0;
  let at = start;
  for (; at < end && bytes[at] >= 0x30 && bytes[at] <= 0x39; at++) {
    tokens = tokens * 10 + (bytes[at] - 0x30);
    if (tokens > mostTokens) return -1;
  }
  if (at === start) return -1;
  if (at < end && bytes[at] === 0x2e) for (at++; at < end && bytes[at] === 0x30;) at++;
  return at === end ? tokens : -1;
}
