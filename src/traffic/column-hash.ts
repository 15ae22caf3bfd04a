/** Sixteen hexadecimal digits that tell columns of numbers apart: two MurmurHash3 (x86, 32 bits) over their bytes, with different seeds. */
export function columnHash(columns: readonly (Float64Array | Int32Array)[]): string {
  return [0x9747b28c, 0x3c6ef372].map((seed) => hash32Of(columns, seed).toString(16).padStart(8, "0")).join("");
}

function hash32Of(columns: readonly (Float64Array | Int32Array)[], seed: number): number {
  let hash = seed;
  for (const column of columns) {
    const words = new Int32Array(column.buffer, column.byteOffset, column.byteLength / 4);
    // The length too, so that moving a value from one column to the next makes a difference.
    hash = stirred(hash, words.length);
    for (let i = 0; i < words.length; i++) hash = stirred(hash, words[i]);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function stirred(hash: number, word: number): number {
  const spread = Math.imul(word, 0xcc9e2d51);
  const mixed = hash ^ Math.imul((spread << 15) | (spread >>> 17), 0x1b873593);
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0;
}
