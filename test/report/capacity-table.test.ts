import { expect, it } from "vitest";
import type { CapacityResult } from "../../src/experiment/capacity-result.ts";
import type { Result } from "../../src/experiment/result.ts";
import { capacityTables } from "../../src/report/capacity-table.ts";
import { reportPage } from "../../src/report/page.ts";
import { around, compared, simulated } from "./fixture.ts";

const capacity: CapacityResult = {
  factor: 1.6,
  low: 1.5,
  high: 1.7,
  least: 1,
  largest: 1.7,
  resolution: 0.01,
  breaks: { className: "chat", text: "ttft p95 < 2s", kind: "latency", at: 1.7, attained: around(0.9, 0.01) },
  remedies: [
    { resource: "replicas in gpus", gain: around(0.09, 0.01), significant: true, attained: around(0.99, 0.01), verdict: "met" },
    { resource: "limits of api", gain: around(-0.000_01, 0), significant: false, attained: around(0.9, 0.01), verdict: "missed" },
  ],
  binding: "replicas in gpus",
  again: null,
};

function measured(): Result {
  const [base] = simulated().points;
  const points = ["1", "1.5", "1.7"].map((multiple) =>
    Object.assign({}, base, { name: `traffic multiple ${multiple}`, values: [multiple] }),
  );
  const axes = [{ path: "traffic", label: "traffic multiple", values: ["1", "1.5", "1.7"] }];
  const { verification: _, ...rest } = compared();
  return { ...rest, kind: "capacity", axes, points, differences: [], best: 1, capacity, advice: "Headroom: 1.60 times." };
}

it("every multiple has a line, and that up to which the SLO is surely kept is marked", () => {
  const [{ lines, mark }] = capacityTables(measured());
  expect(lines.map(({ cells }) => cells[0].text)).toEqual(["1", "1.5", "1.7"]);
  expect(lines.map(({ marked }) => marked)).toEqual([false, true, false]);
  expect(mark).toBe("up to here surely kept");
});

it("every resource has what twice as much of it would do, and that which is short is marked", () => {
  const [, { caption, lines }] = capacityTables(measured());
  expect(caption).toBe("What twice as much of each resource would do: chat ttft p95 < 2s at 1.7 times the traffic");
  expect(lines.map(({ marked }) => marked)).toEqual([true, false]);
  expect(lines.map(({ cells }) => cells.map(({ text }) => text))).toEqual([
    ["replicas in gpus", "99.00 % ± 1.00", "+9.00 points ± 1.00", "yes", "met"],
    ["limits of api", "90.00 % ± 1.00", "0.00 points ± 0.00", "no", "missed"],
  ]);
});

it("what never breaks has no such table, and other results have none at all", () => {
  const { capacity: found, ...rest } = measured();
  expect(capacityTables({ ...rest, capacity: { ...found!, breaks: null, remedies: [], binding: null } })).toHaveLength(1);
  expect(capacityTables(compared())).toEqual([]);
});

it("the page calls the multiple that it tells of what it is, and no plan that is advised", async () => {
  const page = await reportPage(measured());
  expect(page).toContain("The largest multiple surely kept: traffic multiple 1.5");
  expect(page).not.toMatch(/advised plan/i);
});
