import type * as z from "zod";
import { issue } from "../base/settings.ts";
import type { Scenario } from "./schema.ts";

type Checked = Pick<Scenario, "traffic" | "caches">;

/** A cache whose keys are the questions of traces needs a trace with hashes from every class that asks it. */
export function checkCacheKeys({ traffic, caches }: Checked, context: z.RefinementCtx): void {
  const byTrace = Object.keys(caches).filter((name) => caches[name].keys?.trace !== undefined);
  if (byTrace.length === 0) return;
  for (const [name, { arrivals, path }] of Object.entries(traffic)) {
    if (arrivals.hashBlock !== undefined) continue;
    const cache = byTrace.find((one) => path.includes(one));
    if (cache === undefined) continue;
    issue(context, "contradiction", `has no hashes of its prompts, which are the keys of the cache ${cache}`, {
      path: ["traffic", name, "arrivals"],
      hint:
        arrivals.trace === undefined
          ? "{ trace: day.jsonl, hashBlock: 512 }, or keys: { zipf: { exponent: 1.05, count: 200k } } there"
          : "hashBlock: 512, the tokens that each of the trace's hash_ids stands for",
    });
  }
}
