import { expect, it } from "vitest";
import type { BlastRadius } from "../../src/experiment/retrieval-result.ts";
import { blastRadii } from "../../src/report/blast-radius-table.ts";
import { reportPage } from "../../src/report/page.ts";
import { decisionTable, summaryTable } from "../../src/report/table.ts";
import { around, compared, simulated } from "./fixture.ts";

const radius: BlastRadius = {
  plan: "base",
  store: "handbook",
  trouble: "rebuild",
  misses: around(1494, 100),
  missesCaused: around(1240, 90),
  causedShare: around(0.83, 0.04),
  timeoutsCaused: around(310, 20),
  withoutCaused: around(0, 0),
};
const words = (result: Parameters<typeof blastRadii>[0]) => blastRadii(result).lines.map(({ cells }) => cells.map(({ text }) => text));

it("there is a line for each trouble, with its plan where there are several, and as many columns", () => {
  const cells = ["handbook", "index rebuild", "1,494 ± 100", "1,240 ± 90", "83.0 % ± 4.0", "310 ± 20", "0 ± 0"];
  const one = { ...simulated(), blastRadius: [radius] };
  expect(words(one)).toEqual([cells]);
  expect(blastRadii(one).columns).toHaveLength(cells.length);
  const two = { ...compared(), blastRadius: [radius, { ...radius, plan: "warm 3, large", causedShare: null }] };
  const fewer = cells.with(2, "1,494").with(4, "83.0 %");
  expect(words(two)).toEqual([
    ["base", ...fewer],
    ["warm 3, large", ...fewer.with(4, "–")],
  ]);
  expect(blastRadii(two).columns).toHaveLength(cells.length + 1);
});

it("terminal and page show it, and nothing of it where there was no trouble", async () => {
  const caption = "What retrieval's troubles caused";
  const texts = async (more: { readonly blastRadius?: readonly BlastRadius[] }) => [
    summaryTable({ ...simulated(), ...more }, { colour: false }),
    decisionTable({ ...compared(), ...more }, { colour: false }),
    await reportPage({ ...simulated(), ...more }),
    await reportPage({ ...compared(), ...more }),
  ];
  for (const text of await texts({ blastRadius: [radius] })) expect(text.replaceAll("&#39;", "'")).toContain(caption);
  for (const text of await texts({})) expect(text).not.toMatch(/troubles caused/);
});
