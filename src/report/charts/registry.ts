/** Every chart, in the order of a report: one file and one line each. */
import { alongAxis } from "./along-axis.ts";
import { amplificationOverTime } from "./amplification-over-time.ts";
import { cacheHitRate } from "./cache-hit-rate.ts";
import { cacheEconomics } from "./cache-economics.ts";
import { causeWorth } from "./cause-worth.ts";
import type { Chart } from "./chart.ts";
import { coldStartWaterfall } from "./cold-start-waterfall.ts";
import { costAttainment } from "./cost-attainment.ts";
import { costLatency } from "./cost-latency.ts";
import { goodputHeatmap } from "./goodput-heatmap.ts";
import { lateTime } from "./late-time.ts";
import { latencyByStage } from "./latency-by-stage.ts";
import { latencyOverTime } from "./latency-over-time.ts";
import { outcomesOverTime } from "./outcomes-over-time.ts";
import { replicasOverTime } from "./replicas-over-time.ts";
import { sweepHeatmap } from "./sweep-heatmap.ts";
import { inputTornado } from "./input-tornado.ts";

export const charts: readonly Chart[] = [
  causeWorth,
  inputTornado,
  costAttainment,
  costLatency,
  alongAxis,
  sweepHeatmap,
  goodputHeatmap,
  latencyOverTime,
  latencyByStage,
  lateTime,
  outcomesOverTime,
  amplificationOverTime,
  cacheHitRate,
  replicasOverTime,
  coldStartWaterfall,
  cacheEconomics,
];
