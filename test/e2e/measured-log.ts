import { measuredRequests } from "../experiment/calibration/synthetic.ts";
import { type Ended, headroom } from "./headroom.ts";

const start = Date.parse("2026-03-03T09:00:00Z");

/** Requests as logs write them: dates, and times in milliseconds. */
export const requests = measuredRequests(90, 5).map(({ arrivedAt, inputTokens, outputTokens, ttft, total }) => {
  const at = new Date(start + Math.round(arrivedAt * 1000)).toISOString();
  return { at, inputTokens, outputTokens, ttft: ttft * 1000, total: total * 1000 };
});
export const header = "queued_at,prompt_tokens,completion_tokens,ttft_ms,latency_ms";
export const lines = requests.map(({ at, inputTokens, outputTokens, ttft, total }) =>
  [at, inputTokens, outputTokens, ttft, total].join(","),
);
export const map = "arrival=queued_at,input=prompt_tokens,output=completion_tokens,ttft=ttft_ms,total=latency_ms";

/** Any profile will do whose limits are large enough; its step time is set to something near the truth. */
const near = {
  overhead: "3ms",
  denseFloor: "10ms",
  denseBase: "6ms",
  densePerToken: "30us",
  perSequence: "60us",
  perKvToken: "0.1us",
  perPrefillPair: "3ns",
};
export const base = [
  "--engine",
  "llama-3.1-8b/h100/tp1",
  ...Object.entries(near).flatMap(([key, value]) => ["--set", `stepTime.${key}=${value}`]),
];
export const limits = ["--set", "maxSequences=128", "--set", "kvBlocks=30000"];
export const fit = ["--fit", "overhead,densePerToken"];
export const calibrate = (file: string, ...words: readonly string[]): Ended => headroom("calibrate", file, ...base, ...limits, ...words);
