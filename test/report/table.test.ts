import { expect, test } from "vitest";
import { decisionTable, summaryTable } from "../../src/report/table.ts";
import { around, compared, repeating, simulated, swept } from "./fixture.ts";

const plain = { colour: false };
// oxlint-disable-next-line no-control-regex
const escapeCode = /\u001b\[\d+m/g;

test.each([
  ["sweep", decisionTable(swept(), plain)],
  ["compare", decisionTable(compared(), plain)],
  ["simulate", summaryTable(simulated(), plain)],
])("the text of a %s fits 100 columns, ends no line in a space, and has no escape code", (_, text) => {
  for (const line of text.split("\n")) {
    expect(line.length).toBeLessThanOrEqual(100);
    expect(line).toBe(line.trimEnd());
  }
  expect(text).not.toMatch(escapeCode);
});

test("colour changes nothing but escape codes", () => {
  for (const [print, result] of [
    [decisionTable, compared()],
    [summaryTable, simulated()],
  ] as const) {
    const painted = print(result, { colour: true });
    expect(painted).toMatch(escapeCode);
    expect(painted.replaceAll(escapeCode, "")).toBe(print(result, plain));
  }
});

test("a narrow terminal costs intervals of money, never a number of attainment", () => {
  const text = decisionTable(swept(), { ...plain, width: 80 });
  for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
  expect(text).toContain("95.97 % ± 0.51");
  expect(text).toContain("$/month");
});

test("exactly the advised plan is marked, and the advice is the last line", () => {
  const result = swept();
  const lines = decisionTable(result, { ...plain, width: 200 })
    .trimEnd()
    .split("\n");
  expect(lines.filter((line) => line.startsWith("* ") && !line.startsWith("* the plan advised"))).toHaveLength(1);
  expect(lines.at(-1)).toBe(result.advice);
});

test("a plan checked on fresh seeds says so before the advice", () => {
  const verification = { replications: 9, verdict: "met" as const, attainment: around(0.961, 0.004), usd_per_month: around(17_300, 150) };
  const text = decisionTable({ ...swept(), verification }, plain);
  expect(text.replaceAll("\n", " ")).toContain(
    "9 fresh replications that had no part in choosing it: SLO met, attainment 96.10 % ± 0.40, $17,300 ± 150",
  );
  expect(decisionTable(swept(), plain)).not.toContain("fresh");
});

test("how many plans are hidden is said", () => {
  expect(decisionTable(swept(), plain)).toContain("21 further plans not shown");
  expect(decisionTable(compared(), plain)).not.toContain("not shown");
});

test("the differences of a comparison say which are significant", () => {
  const text = decisionTable(compared(), plain);
  expect(text).toMatch(/attainment +\+8\.30 points ± 0\.40 +yes/);
  expect(text).toMatch(/cost +\+\$11,390 ± 160 +yes/);
  expect(text).toMatch(/preemptions +\+1\.2 ± 7\.5 +no/);
});

test("a summary has the objectives with their verdicts and what is left of the error budget", () => {
  const text = summaryTable(simulated({ warm: 0 }), plain);
  expect(text).toMatch(/chat +ttft p95 < 2s +89\.50 % ± 0\.74 +95 % +spent 2\.1 times +missed/);
  expect(text).toMatch(/digests +total p95 < 5m +99\.91 % ± 0\.03 +95 % +98 % +met/);
  expect(text).toContain("warning: chat: 12 of 1,440 windows");
});

test("what was not simulated has no table", () => {
  const result = simulated();
  const point = { ...result.points[0], providers: {}, caches: {} };
  const text = summaryTable({ ...result, points: [point] }, plain);
  expect(text).not.toContain("Providers");
  expect(text).not.toContain("Caches");
});

test("a provider's line has what it refused and failed as shares of its calls, and its busiest minute", () => {
  const text = summaryTable(simulated(), plain);
  expect(text).toMatch(/openai +5,210 +0\.69 % +0\.23 % +6\.10M +36 % +1\.30M +41\.0k +\$/);
  expect(text).not.toContain("Provisioned units");
});

test("provisioned units stand beside those that the traffic would need", () => {
  const result = simulated();
  const [point] = result.points;
  const units = { given: 50, needed: around(61.23, 2.5), neededInBusiestMinute: around(140.2, 12) };
  const providers = { ptu: { ...point.providers["openai"], units } };
  const text = summaryTable({ ...result, points: [{ ...point, providers }] }, plain);
  expect(text).toMatch(/ptu +50 +61\.2 ± 2\.5 +140 ± 12\n/);
});

test("with one replication there are means and no intervals", () => {
  const result = compared();
  const points = result.points.map((point) => ({ ...point, attainment: { mean: point.attainment.mean }, wastedShare: { mean: 0.01 } }));
  const text = decisionTable(
    { ...result, points, differences: [{ ...result.differences[0], difference: { mean: around(0.05, 0).mean } }] },
    plain,
  );
  expect(text).toMatch(/base +91\.77 % /);
  expect(text).toMatch(/\+5\.00 points +–/);
});

const repeated = repeating(simulated());

test("what clients did, how they recovered and what was in vain have tables only where there is any of it", () => {
  const captions = ["Clients and gateways", "Recovery from disturbances", "Work in vain"];
  const result = simulated();
  const quiet = summaryTable({ ...result, points: [{ ...result.points[0], providers: {} }] }, plain);
  for (const caption of captions) expect(quiet).not.toContain(caption);
  const [point] = repeated.points;
  const gpus = { ...point.pools["gpus"], wasted_s: around(5400, 90), wasted_usd_per_month: around(210, 4) };
  const text = summaryTable({ ...repeated, points: [{ ...point, pools: { gpus } }] }, plain);
  for (const caption of captions) expect(text).toContain(caption);
  expect(text).toMatch(/chat +retries due +5,210 ± 300 +10\.0 % forbidden/);
  expect(text).toMatch(/chat +spike +14 h 10 m +2 of 5 +5 m 40 s ± 90 s +3\.2 +41 % +–/);
  expect(text).toMatch(/gpus +replica time for clients who had left +1 h 30 m ± 90 s +\$210 ± 4/);
});

test("tokens in vain have a line where a provider counts them", () => {
  const [point] = simulated().points;
  const counted = { wastedTokens: around(1e6, 1e4), wasted_usd_per_month: around(75, 1), repeatedTokens: around(0, 0) };
  const openai = { ...point.providers["openai"], ...counted, repeated_usd_per_month: around(0, 0) };
  const text = summaryTable({ ...simulated(), points: [{ ...point, providers: { openai } }] }, plain);
  expect(text).toMatch(/openai +tokens for clients who had left +1,000,000 ± 10,000 +\$75\.00 ± 1\.00/);
  expect(text).not.toContain("billed again");
});

test("gates, hedges, breakers and rungs are told as they happened", () => {
  const [point] = repeated.points;
  const { chat } = point.classes;
  const client = {
    ...chat.client,
    hedges: around(300, 9),
    hedgesWon: around(90, 5),
    breakerOpened: around(4, 1),
    brokenOff: around(820, 40),
    gate: { waited: around(60, 5), wait_s: around(1.5, 0.1), shed: around(0, 0) },
  };
  const degraded = { sorry: around(chat.offered.mean / 50, 10), short: around(0, 0) };
  const gateways = { shared: { waited: around(0, 0), wait_s: null, shed: around(7, 2) } };
  const text = summaryTable({ ...repeated, points: [{ ...point, gateways, classes: { chat: { ...chat, client, degraded } } }] }, plain);
  expect(text).toMatch(/chat +hedges sent +300 ± 9 +30\.0 % gave the answer/);
  expect(text).toMatch(/chat +not asked, breaker open +820 ± 40/);
  expect(text).toMatch(/chat +waited before they were sent +60 ± 5 +1\.5 s each/);
  expect(text).toMatch(/chat +served degraded: sorry +[\d,.]+ ± 10 +2\.0 % of requests/);
  expect(text).toMatch(/shared +shed before they were sent +7 ± 2/);
  expect(text).not.toContain("short");
});

test("plans of which one does not recover have a column that says which, and when the others do", () => {
  expect(decisionTable(compared(), plain)).not.toContain("recovers");
  const [first, second] = repeating(compared()).points;
  const { chat } = second.classes;
  const calm = { ...second, classes: { chat: { ...chat, recoveries: [{ ...chat.recoveries[0], recoveredShare: around(1, 0) }] } } };
  const text = decisionTable({ ...compared(), points: [first, calm] }, plain);
  expect(text).toMatch(/base +.*2 of 5/);
  expect(text).toMatch(/warm 3, large +.*after 5 m 40 s ± 90 s/);
});

test("plans of which one is refused many calls have a column that says how many", () => {
  const [first, second] = compared().points;
  const withThrottled = (point: typeof first, count: number) => {
    return { ...point, providers: { openai: { ...point.providers["openai"], throttled: around(count, 0) } } };
  };
  const table = (...counts: readonly [number, number]) =>
    decisionTable({ ...compared(), points: [withThrottled(first, counts[0]), withThrottled(second, counts[1])] }, { ...plain, width: 120 });
  for (const few of [0, 52]) expect(table(few, 0)).not.toContain("429s");
  expect(table(521, 0)).toMatch(/base +\d+\.\d+ % ± [\d.]+ +10\.0 % /);
  expect(table(521, 0)).toMatch(/warm 3, large +\d+\.\d+ % ± [\d.]+ +0\.0 % /);
  expect(table(521, 0).replaceAll("\n", " ")).toContain("429s are the share of calls to providers that a limit refused");
});
