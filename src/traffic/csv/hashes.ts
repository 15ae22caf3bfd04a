import type { Fault } from "./faults.ts";

/** The hashes in a cell, such as `12 13 57`, `12;13;57` or `[12, 13, 57]`; undefined when there is anything but whole numbers. */
export function readHashes(text: string): number[] | undefined {
  const trimmed = text.trim();
  const listed = trimmed.startsWith("[") && trimmed.endsWith("]") ? trimmed.slice(1, -1).trim() : trimmed;
  if (listed === "") return [];
  const parts = listed.split(/\s*[\s;,]\s*/);
  const hashes = parts.map(Number);
  return parts.every((part, i) => /^\d+$/.test(part) && Number.isSafeInteger(hashes[i])) ? hashes : undefined;
}

/** Explains a cell of hashes that could not be read, or that holds more of them than its prompt has blocks. */
export function hashFault(text: string, inputTokens: string, block: number): Fault {
  const found = readHashes(text)?.length;
  if (found === undefined) {
    return { message: "must be whole numbers below 2^53", hint: 'one for each block of the prompt: 12 13 57, or "[12, 13, 57]"' };
  }
  const most = Math.ceil(Number(inputTokens) / block);
  return {
    message: `has ${found} hashes, and a prompt of ${inputTokens} tokens has ${most} ${most === 1 ? "block" : "blocks"} of ${block}`,
    hint: "hashBlock says how many tokens each hash stands for",
  };
}
