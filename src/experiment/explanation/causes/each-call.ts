import { mapValues } from "../../../base/records.ts";
import type { CallSettings, Work } from "../../../scenario/path/stage-settings.ts";
import type { Scenario } from "../../../scenario/schema.ts";

/** The paths and pipelines of a scenario with every call on the way changed. */
export function withCalls(
  { traffic, pipelines }: Pick<Scenario, "traffic" | "pipelines">,
  change: (call: CallSettings) => CallSettings,
): Pick<Scenario, "traffic" | "pipelines"> {
  const inWork = (work: Work): Work => {
    if (typeof work === "string") return work;
    if ("call" in work) return change(work);
    return { ...work, parallel: work.parallel.map((branch) => (Array.isArray(branch) ? branch.map(inWork) : inWork(branch))) };
  };
  return {
    traffic: mapValues(traffic, (one) => {
      // The last stage is what gives the answer.
      const last = one.path.length - 1;
      return { ...one, path: one.path.map((stage, i) => (i === last ? stage : inWork(stage as Work))) };
    }),
    pipelines: mapValues(pipelines, (pipeline) => pipeline.map(inWork)),
  };
}
