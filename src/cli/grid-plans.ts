import { grid } from "../experiment/axes.ts";
import type { Plan } from "../experiment/plan.ts";
import type { Axis } from "../experiment/result.ts";
import type { Assignment } from "../scenario/document/assignments.ts";
import type { ScenarioFile } from "./scenario-file.ts";

/** A plan for each combination of the axes' values, in grid order. */
export function plansOf(file: ScenarioFile, axes: readonly Axis[], base: readonly Assignment[]): Plan[] {
  return grid(axes).map((values) => {
    const varied = axes.map(({ path }, i) => ({ path, value: values[i], flag: "--vary" }));
    const name = axes.map(({ label }, i) => `${label} ${values[i]}`).join(", ");
    return { name, values, decoded: file.decode([...base, ...varied]) };
  });
}
