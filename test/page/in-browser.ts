/** Simulates where it is loaded, a page or Node, and gives the result as text. */
import { decodeScenario, inlineRunner, simulate } from "../../src/index.ts";
import { overflowing } from "../experiment/overflowing.ts";

export async function simulated(): Promise<string> {
  const catalogue = { find: () => undefined, names: () => [] };
  const decoded = decodeScenario({ file: "overflowing.yaml", text: overflowing, catalogue, resolveFile: (path) => path });
  const traces = new Map();
  const plan = { name: "base", values: [], decoded };
  const { result } = await simulate(plan, inlineRunner(traces), { version: "0", command: "", traces });
  return JSON.stringify(result);
}
