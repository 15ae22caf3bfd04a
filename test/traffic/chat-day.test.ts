import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { chatRequests } from "../../data/chat-day-requests.ts";
import { chatDay } from "../../data/chat-day-settings.ts";
import { statistics, statisticsTable } from "../../data/chat-day-table.ts";
import { chatDayCsv, chatDayFile, readmeFile, withTable } from "../../data/generate-chat-day.ts";
import { countsPerWindow } from "../../data/traffic-statistics.ts";
import { readTrace } from "../../src/traffic/trace-file.ts";

const requests = chatRequests(chatDay);

describe("data/chat-day.csv", () => {
  it("is what its generator makes, to the byte", () => {
    expect(readFileSync(chatDayFile, "utf8") === chatDayCsv(requests)).toBe(true);
  });

  it("has the statistics that its README shows", () => {
    const readme = readFileSync(readmeFile, "utf8");
    expect(readme).toBe(withTable(readme, statisticsTable(requests)));
  });

  it.each(statistics(requests).filter(({ aim }) => aim !== undefined))("has $name near $aim", ({ value, aim, within }) => {
    expect(Math.abs(value / aim! - 1)).toBeLessThanOrEqual(within!);
  });

  it("reads as a trace of one day in order, with the tokens and times that were drawn", () => {
    const trace = readTrace("data/chat-day.csv");
    expect(trace.count).toBeGreaterThanOrEqual(150_000);
    expect([trace.outOfOrder, trace.dropped]).toEqual([0, 0]);
    expect(trace.duration).toBeGreaterThan(86_000);
    expect(trace.duration).toBeLessThanOrEqual(86_401);
    const first = requests.milliseconds[0];
    expect(trace.time.every((time, i) => time === (requests.milliseconds[i] - first) / 1000)).toBe(true);
    expect([...trace.inputTokens]).toEqual(requests.inputTokens);
    expect([...trace.outputTokens]).toEqual(requests.outputTokens);
  });

  it("is a day that a fleet can follow: no minute above 4 times the mean, and none is silent", () => {
    const counts = countsPerWindow(
      Float64Array.from(requests.milliseconds, (moment) => moment / 1000),
      60,
    );
    const mean = requests.milliseconds.length / (24 * 60);
    expect(Math.max(...counts)).toBeLessThan(4 * mean);
    expect(Math.min(...counts)).toBeGreaterThan(0);
  });

  it("differs with its seed, but not from one run to the next", () => {
    expect(chatRequests(chatDay)).toEqual(requests);
    expect(chatRequests({ ...chatDay, seed: chatDay.seed + 1 } as never).milliseconds).not.toEqual(requests.milliseconds);
  });
});
