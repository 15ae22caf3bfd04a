/** Every chart, in the order of a report: one file and one line each. */
import type { Chart } from "./chart.ts";
import { costAttainment } from "./cost-attainment.ts";
import { latencyOverTime } from "./latency-over-time.ts";
import { outcomesOverTime } from "./outcomes-over-time.ts";
import { sweepHeatmap } from "./sweep-heatmap.ts";

export const charts: readonly Chart[] = [costAttainment, sweepHeatmap, latencyOverTime, outcomesOverTime];
