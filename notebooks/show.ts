import type { Displayed } from "../src/report/notebook.ts";

declare const Deno: { readonly jupyter: { display(value: Displayed): Promise<void> } };

/** Milliseconds in which the kernel sends what is shown; it does so beside the cell, and who executes notebooks listens only until the cell is over. */
const sending = 200;

/** Shows charts and words below the cell. */
export async function show(...values: readonly Displayed[]): Promise<void> {
  for (const value of values) await Deno.jupyter.display(value);
  await new Promise((resolve) => setTimeout(resolve, sending));
}
