import { expect, it } from "vitest";
import type { Change, Step } from "../../notebooks/break-even.ts";
import { breakEvenChart, breakEvenHeadline } from "../../notebooks/break-even-chart.ts";
import { gains, missTable, ordinal, stepTable, verdictWords } from "../../notebooks/break-even-words.ts";
import { readPageParts } from "../../src/cli/page-parts.ts";
import { renderSvg } from "../../src/report/svg.ts";

/** A replica that is warm for 100 h at $10, and prevents so many misses in two replications. */
function step(size: number, ...misses: [number, number]): Step {
  const changes = misses.map((missesPrevented): Change => ({ missesPrevented, warmHours: 100, usd: 1000, otherUsd: 0 }));
  return { size, changes };
}

const steps = [step(1, -5000, 9000), step(2, 4000, 4010), step(3, 2000, 2002), step(4, 10, 12), step(5, 0, 1)];
const asked = { usdPerMiss: 1, usdPerHour: 10 };

it("verdicts are told together", () => {
  expect(verdictWords(steps, 1)).toBe("the 2nd and 3rd pay for themselves, the 4th and 5th do not, of the 1st it is not sure");
  expect(verdictWords([steps[1]], 1)).toBe("the 2nd pays for itself");
  expect(verdictWords(steps.slice(3, 4), 1)).toBe("the 4th does not");
});

it("the headline names the last replica that surely pays and the next that does not, and claims nothing else", () => {
  expect(breakEvenHeadline(steps, asked)).toBe(
    "At $1.00 a miss the 3rd warm replica is worth $20.01 ± 0.127 an hour and costs $10.00; the 4th is worth $0.11 ± 0.127 an hour",
  );
  expect(breakEvenHeadline(steps.slice(1, 2), asked)).not.toContain(";");
  const none = "At $1.00 a miss no further warm replica surely pays for itself at $10.00 an hour";
  expect(breakEvenHeadline([steps[0], steps[3]], asked)).toBe(none);
});

it("a gain within its error is not called one", () => {
  expect(gains(steps[1], 1)).toBe("gain $3,005 ± 64 a month");
  expect(gains(steps[0], 1)).toMatch(/^neither surely gain nor surely lose/);
});

it("tables have a line for each replica, and no break-even miss for one that is not sure to prevent any", () => {
  const { lines } = stepTable(steps, steps, steps, 1);
  expect(lines.map(({ cells }) => cells[4].text)).toEqual(["–", "$0.25", "$0.5", "–", "–"]);
  const texts = missTable([steps[0]], [step(1, 2000, 2002)], "changed").lines.map(({ cells }) => cells.map(({ text }) => text));
  expect(texts).toEqual([["1st", "–", "$0.5"]]);
});

it("the fourth is not the 4st", () => {
  expect([1, 2, 3, 4, 11].map(ordinal)).toEqual(["1st", "2nd", "3rd", "4th", "11th"]);
});

it("the chart is drawn without complaint, and says its headline and every replica", async () => {
  const { svg, problems } = await renderSvg(breakEvenChart(steps, asked, { seed: 7, replications: 2 }), readPageParts().fonts);
  expect(problems).toEqual([]);
  for (const text of ["seed 7 · 2 replications", "price: $10.00 an hour", ...steps.map(({ size }) => `${ordinal(size)} warm replica`)])
    expect(svg).toContain(text);
});
