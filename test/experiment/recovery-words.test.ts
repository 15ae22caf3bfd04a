import { expect, it } from "vitest";
import type { Loop, RecoveryResult } from "../../src/experiment/recovery-result.ts";
import { stuckSentences, unrecoveredNumbers, unrecoveredText } from "../../src/experiment/recovery-words.ts";

const recovery: RecoveryResult = {
  disturbance: "spike",
  from_s: 3600,
  to_s: 4200,
  judged: 5,
  recoveredShare: { mean: 0 },
  recovery_s: null,
  unrecovered: { attemptsPerRequest: { mean: 3.86 }, wastedShare: { mean: 0.713 }, throttledShare: { mean: 0.12 } },
};
const back = (seconds: number): RecoveryResult => ({
  ...recovery,
  recoveredShare: { mean: 1 },
  recovery_s: { mean: seconds },
  unrecovered: null,
});

it("says whether none of the replications recovered or only some", () => {
  expect(unrecoveredText(recovery)).toBe("does not recover from the spike at 1 h");
  expect(unrecoveredText({ ...recovery, recoveredShare: { mean: 0.4 } })).toBe(
    "recovers from the spike at 1 h in 2 of 5 replications only",
  );
});

it("says what went on meanwhile, and nothing of what did not", () => {
  expect(unrecoveredNumbers(recovery)).toBe(
    "3.9 attempts per request, 71 % of busy replica time for clients who had left, 12 % of calls throttled",
  );
  const calm = { attemptsPerRequest: { mean: 1 }, wastedShare: { mean: 0 }, throttledShare: null };
  expect(unrecoveredNumbers({ ...recovery, unrecovered: calm })).toBe("1.0 attempts per request");
  expect(unrecoveredNumbers(back(60))).toBe("");
});

it.each<[Loop, string]>([
  ["retries", "retries hold it down: without them it recovers in 3 m."],
  ["abandonedWork", "work for clients who had left holds it down: with onCancel: abort it recovers at once."],
  [
    "either",
    "retries and work for clients who had left hold it down together: without retries it recovers in 3 m, with onCancel: abort at once.",
  ],
  ["both", "retries hold it down, and so does work for clients who had left: it recovers only without both, in 60 s."],
  ["load", "it has more load than it works off in the time left, even without retries."],
])("names the loop: %s", (loop, words) => {
  const trials = { withoutRetries: back(180), withoutAbandonedWork: back(0), withoutBoth: back(60) };
  const stuck = { plan: "base", className: "chat", recovery, loop, ...trials };
  expect(stuckSentences([stuck], false)).toEqual([`chat does not recover from the spike at 1 h: ${words}`]);
  expect(stuckSentences([stuck], true)).toEqual([`In base, chat does not recover from the spike at 1 h: ${words}`]);
});
