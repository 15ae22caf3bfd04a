/** States what must hold; when it does not, the bug is ours and the run stops. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(`assertion failed: ${message}`);
}
