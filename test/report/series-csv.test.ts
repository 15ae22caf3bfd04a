import { parse } from "csv-parse/sync";
import { expect, test } from "vitest";
import { seriesCsv } from "../../src/report/series-csv.ts";
import { repeating, retrieving, simulated } from "./fixture.ts";

const read = (text: string) => parse(text, { columns: true }) as Record<string, string>[];

test("there is one row for each window of each class and each pool, and offered is the sum of outcomes in each", () => {
  const result = simulated();
  const rows = read(seriesCsv(result));
  expect(rows).toHaveLength(3 * 1440);
  for (const row of rows.filter(({ kind }) => kind === "class")) {
    const ends = ["served", "timedOut", "shed", "throttled", "failed", "unfinished"].map((outcome) => Number(row[outcome]));
    expect(ends.reduce((a, b) => a + b)).toBe(Number(row["offered"]));
  }
  expect(rows.find(({ kind, start_s }) => kind === "pool" && start_s === "60")).toMatchObject({
    name: "gpus",
    offered: "",
    ready: "2",
    warm: "1",
  });
});

test("windows without a served request have empty latencies", () => {
  const result = simulated();
  const empty = result.points[0].series.classes["digests"].offered.indexOf(0);
  const row = read(seriesCsv(result)).find(({ name, start_s }) => name === "digests" && Number(start_s) === empty * 60);
  expect(row).toMatchObject({ offered: "0", ttft_p95_s: "", total_p95_s: "" });
});

test("names with commas and quotes read back as they were", () => {
  const name = 'a "large", odd\nname';
  const result = simulated();
  const rows = read(seriesCsv({ ...result, points: [{ ...result.points[0], name }] }));
  expect(rows[0]["plan"]).toBe(name);
});

test("a result without points is a header alone", () => {
  const { best: _, ...result } = simulated();
  expect(seriesCsv({ ...result, points: [] }).split("\n")).toHaveLength(2);
});

test("attempts have a column only where clients send anything again", () => {
  expect(read(seriesCsv(simulated()))[0]).not.toHaveProperty("attempts");
  const result = repeating(simulated());
  const rows = read(seriesCsv(result));
  expect(rows.filter(({ name }) => name === "chat").map(({ attempts }) => Number(attempts))).toEqual(
    result.points[0].series.classes["chat"].attempts,
  );
  expect(rows.find(({ kind }) => kind === "pool")).toMatchObject({ attempts: "", ready: "2" });
});

test("stages and vector stores have rows and columns of their own, only where there are any", () => {
  expect(read(seriesCsv(simulated()))[0]).not.toHaveProperty("stage_mean_s");
  const result = retrieving(simulated());
  const rows = read(seriesCsv(result));
  expect(rows).toHaveLength(6 * 1440);
  const { stages } = result.points[0].series.classes["chat"];
  const ofStage = rows.filter(({ kind, name }) => kind === "stage" && name === "handbook");
  expect(ofStage.map(({ stage_mean_s }) => Number(stage_mean_s))).toEqual(stages["handbook"]);
  expect(ofStage[1]).toMatchObject({ class: "chat", start_s: "60", offered: "", ready: "", reads: "" });
  const { reads, failed } = result.points[0].series.vectorStores["handbook"];
  const ofStore = rows.filter(({ kind }) => kind === "vectorStore");
  expect(ofStore.map((row) => [Number(row["reads"]), Number(row["reads_failed"])])).toEqual(reads.map((count, i) => [count, failed[i]]));
  expect(ofStore[0]).toMatchObject({ name: "handbook", stage_mean_s: "", utilisation: "0.1" });
  expect(rows.find(({ kind }) => kind === "class")).toMatchObject({ stage_mean_s: "", utilisation: "" });
});
