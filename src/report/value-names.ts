/** Names for the values of an axis, short enough to stand beside a line. */
import type { Axis } from "../experiment/result.ts";
import { shortValue } from "./plans.ts";
import { differingPaths, inWords, leavesOf, textAt } from "./axis-leaves.ts";

/** Longest name, in characters. */
const longest = 28;

/**
 * One per value: of mappings the key that tells them apart (`targetTracking`, `predictive`), else the leaves in which they differ;
 * of numbers the setting with its value ("warm size 2"), since a number alone says nothing.
 */
export function valueNames(axis: Axis): string[] {
  const leaves = axis.values.map(leavesOf);
  if (leaves.every(([first]) => first?.path.length === 0)) {
    const texts = axis.values.map((value) => shortValue(axis, value));
    return texts.map((text) => shortened(texts.every(isWord) ? text : `${inWords(axis.label)} ${text}`));
  }
  const heads = leaves.map(([first]) => first?.path[0] ?? first?.text ?? "");
  if (new Set(heads).size === heads.length) return heads.map(shortened);
  const differing = differingPaths(leaves);
  const told = leaves.map((one) =>
    differing
      .flatMap((path) => {
        const text = textAt(one, path);
        if (text === undefined) return [];
        return isWord(text) ? text : `${inWords(path.split(".").at(-1) ?? path)} ${text}`;
      })
      .join(", "),
  );
  return told.map((text, i) => shortened(text === "" ? axis.values[i] : text));
}

/** Whether the text tells something without the name of its setting. */
function isWord(text: string): boolean {
  return /^[a-z]/i.test(text) && !/^(true|false|null)$/.test(text);
}

/** Cut in the middle, since names differ most at their ends. */
export function shortened(text: string): string {
  if (text.length <= longest) return text;
  const head = Math.ceil((longest - 1) / 2);
  return `${text.slice(0, head)}…${text.slice(text.length - (longest - 1 - head))}`;
}
