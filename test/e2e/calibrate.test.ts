import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { measuredRequests } from "../experiment/calibration/synthetic.ts";
import { headroom, scratch } from "./headroom.ts";

const files = scratch();
afterAll(() => files.clear());

/** Requests as logs write them: dates, and times in milliseconds. */
const start = Date.parse("2026-03-03T09:00:00Z");
const requests = measuredRequests(90, 5).map(({ arrivedAt, inputTokens, outputTokens, ttft, total }) => {
  const at = new Date(start + Math.round(arrivedAt * 1000)).toISOString();
  return { at, inputTokens, outputTokens, ttft: ttft * 1000, total: total * 1000 };
});
const header = "queued_at,prompt_tokens,completion_tokens,ttft_ms,latency_ms";
const lines = requests.map(({ at, inputTokens, outputTokens, ttft, total }) => [at, inputTokens, outputTokens, ttft, total].join(","));
const map = "arrival=queued_at,input=prompt_tokens,output=completion_tokens,ttft=ttft_ms,total=latency_ms";
const csv = files.write("requests.csv", [header, ...lines].join("\n"));

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
const base = [
  "--engine",
  "llama-3.1-8b/h100/tp1",
  ...Object.entries(near).flatMap(([key, value]) => ["--set", `stepTime.${key}=${value}`]),
];
const limits = ["--set", "maxSequences=128", "--set", "kvBlocks=30000"];
const fit = ["--fit", "overhead,densePerToken"];
const calibrate = (file: string, ...words: string[]) => headroom("calibrate", file, ...base, ...limits, ...words);

describe("headroom calibrate", () => {
  const done = calibrate(csv, "--map", map, ...fit);

  it("prints a profile that says where it comes from and how far off it is", () => {
    expect(done).toMatchObject({ status: 0 });
    const profile = parse(done.stdout) as Record<string, never>;
    expect(profile).toMatchObject({ how: "fitted", asOf: "2026-03-03", gpu: "h100", maxSequences: 128, kvBlocks: 30_000 });
    expect(profile["source"]).toMatch(/^requests\.csv \(sha256 [0-9a-f]{12}\), 90 requests$/);
    expect(profile["notes"]).toMatch(/first 54 of 90 requests.*last 40 %.*overhead ± \d+ %, densePerToken ± \d+ %; .*perKvToken/s);
    expect(profile["error"]).toEqual({
      tpot: expect.stringMatching(/^\d+\.\d%$/),
      ttft: expect.any(String),
      text: expect.stringMatching(/held out/),
    });
    expect(profile["stepTime"]).toMatchObject({ denseFloor: "10ms", perKvToken: "0.1us" });
    expect(parseFloat((profile["stepTime"] as Record<string, string>)["overhead"])).toBeCloseTo(2, 0);
  });

  it("shows on stderr what was fitted and what was held out", () => {
    expect(done.stderr).toMatch(/coefficient +base +fitted +standard error\n+overhead +3ms +[\d.]+ms +± /);
    expect(done.stderr).toMatch(/first 54 requests, fitted +TTFT/);
    expect(done.stderr).toMatch(/last 36 requests, held out +total +[\d.]+ ms +[\d.]+ ms/);
    expect(calibrate(csv, "--map", map, ...fit, "--quiet").stderr).toBe("");
  });

  it("gives the same bytes every time", () => {
    expect(calibrate(csv, "--map", map, ...fit)).toEqual(done);
  });

  it("writes a profile that a scenario can hold as it stands, and a file for models/engines", () => {
    const profile = done.stdout.replaceAll(/^/gm, "      ");
    const traffic = "{ chat: { arrivals: { rate: 1/s }, inputTokens: { constant: 100 }, outputTokens: { constant: 50 }, path: [gpus] } }";
    const scenario = files.write(
      "mine.yaml",
      `name: Mine\nhorizon: 5m\ntraffic: ${traffic}\npools:\n  gpus:\n    engine:\n${profile}\n    replicas: 1\n`,
    );
    const { status, stdout } = headroom("validate", scenario);
    expect(stdout).toMatch(/pools\.gpus\.engine: written here \(fitted; requests\.csv/);
    expect(status).toBe(0);

    const output = join(files.folder, "named.yaml");
    expect(calibrate(csv, "--map", map, ...fit, "--name", "mine/h100/tp1", "-o", output)).toMatchObject({ status: 0, stdout: "" });
    expect(parse(readFileSync(output, "utf8"))).toEqual({ profiles: { "mine/h100/tp1": parse(done.stdout) } });
  });

  it("reads lines of JSON with moments of one clock", () => {
    const objects = measuredRequests(90, 5).map(({ arrivedAt, inputTokens, outputTokens, ttft, total }) =>
      JSON.stringify({
        queued_ts: 500 + arrivedAt,
        input_toks: inputTokens,
        output_toks: outputTokens,
        first_token_ts: 500 + arrivedAt + ttft,
        last_token_ts: 500 + arrivedAt + total,
      }),
    );
    const jsonl = files.write("requests.jsonl", `${objects.join("\n")}\n`);
    const { status, stdout } = calibrate(jsonl, ...fit, "--as-of", "2026-03-04");
    expect(status).toBe(0);
    const { stepTime, asOf } = parse(stdout) as { stepTime: Record<string, string>; asOf: string };
    expect(asOf).toBe("2026-03-04");
    const overhead = (text: string) => parseFloat((parse(text) as { stepTime: Record<string, string> }).stepTime["overhead"]);
    expect(parseFloat(stepTime["overhead"]) / overhead(done.stdout)).toBeCloseTo(1, 1);
  });
});

describe("a mistake in measurements ends with exit code 2 and says what to do", () => {
  const row = (at: number, ...cells: (string | number)[]) => [at, ...cells].join(",");
  const good = Array.from({ length: 40 }, (_, i) => row(i, 100, 10, 0.1, 0.5));
  const write = (name: string, head: string, rows: readonly string[]) => files.write(name, [head, ...rows].join("\n"));
  const usual = "arrival,input,output,ttft,total";
  const spoilt = (name: string, cells: string) => write(name, usual, [...good, cells]);
  const rows = Array.from({ length: 6 }, (_, i) => `16,${100 * (i + 1)},200,0.5,0.02,2026-01-01`);

  const mistakes: readonly [title: string, words: () => readonly string[], message: RegExp][] = [
    ["a missing file", () => ["nowhere.csv"], /nowhere\.csv: there is no such file of measurements/],
    ["an empty file", () => [files.write("empty.csv", "")], /empty\.csv: is empty/],
    [
      "unknown columns",
      () => [csv],
      /requests\.csv:1:1: no column that is known as arrival[\s\S]*found queued_at, [\s\S]*hint: [\s\S]*--map/,
    ],
    ["a column that is not there", () => [csv, "--map", "arrival=quued_at"], /`quued_at` that is not there[\s\S]*did you mean `queued_at`/],
    ["an unknown role", () => [csv, "--map", "arival=queued_at"], /--map: there is no `arival`[\s\S]*did you mean `arrival`/],
    ["too few requests", () => [write("few.csv", usual, good.slice(0, 29))], /few\.csv: has 29 requests, and a fit needs at least 30/],
    [
      "answers of one token",
      () => [
        write(
          "i.csv",
          usual,
          good.map((line) => line.replace(",10,", ",1,")),
        ),
      ],
      /i\.csv: has 0 requests of at least 2 output tokens/,
    ],
    [
      "a total below the TTFT",
      () => [spoilt("a.csv", "50,100,10,0.6,0.5")],
      /a\.csv:42:15: total must be at least the TTFT, 0\.6 s \(found 0\.5\)/,
    ],
    ["a TTFT of 0", () => [spoilt("b.csv", "50,100,10,0,0.5")], /b\.csv:42:11: ttft must be later than the arrival/],
    ["half a token", () => [spoilt("c.csv", "50,100,1.5,0.1,0.5")], /c\.csv:42:8: output must be a whole number/],
    ["an arrival that is no time", () => [spoilt("d.csv", "soon,100,10,0.1,0.5")], /d\.csv:42:1: arrival must be a moment/],
    ["a row cut short", () => [spoilt("e.csv", "50,100")], /e\.csv:42:1: the row has 2 cells, and the header 5/],
    ["a broken line of JSON", () => [files.write("f.jsonl", '{"arrival":0}\n{"arr')], /f\.jsonl:2: the line is not JSON/],
    ["no day of measurement", () => [spoilt("g.csv", "50,100,10,0.1,0.5")], /g\.csv: does not tell when it was measured[\s\S]*--as-of/],
    [
      "a prompt that does not fit",
      () => [spoilt("h.csv", "50,9000000,10,0.1,0.5"), "--as-of", "2026-01-01"],
      /9,000,010 tokens .* do not fit in 30,000 KV/,
    ],
    [
      "an unknown coefficient",
      () => [csv, "--map", map, "--keep", "perSequnce"],
      /--keep: names no coefficient[\s\S]*did you mean `perSequence`/,
    ],
    ["an engine given twice", () => [csv, "--map", map, "--engine", "llama-3.1-8b/h200/tp1"], /--engine: is given more than once/],
    [
      "a setting that is not there",
      () => [csv, "--map", map, "--set", "stepTime.overhed=1ms"],
      /--set stepTime\.overhed=1ms: [\s\S]*`overhead`/,
    ],
    ["a condition on no column", () => [csv, "--map", map, "--where", "gpu=h100"], /--where: there is no column `gpu`/],
    [
      "a start from nothing",
      () => [csv, "--map", map, "--fit", "communication"],
      /--fit: a fit starts from a value above 0[\s\S]*--set stepTime\.communication/,
    ],
    ["both ways to choose", () => [csv, "--map", map, "--fit", "overhead", "--keep", "perSequence"], /--keep: goes without --fit/],
    ["a flag of a benchmark", () => [csv, "--map", map, "--shortest-length", "100%"], /--shortest-length: goes with rows of a benchmark/],
    [
      "a hold-out of nearly everything",
      () => [csv, "--map", map, "--hold-out", "99%"],
      /--hold-out: must be a share from 5% to 95% \(found 99%\)/,
    ],
    [
      "rows of one concurrency",
      () => [write("rows.csv", "concurrency,isl,osl,ttft,tpot,date", rows), "--fit", "overhead,perSequence"],
      /rows\.csv: the 6 rows cannot tell overhead: .*all rows have the concurrency 16[\s\S]*--keep overhead,perSequence/,
    ],
  ];

  it.each(mistakes)("%s", (_, words, message) => {
    const { status, stderr, stdout } = calibrate(...(words() as [string, ...string[]]));
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(/^headroom: /);
    expect(status).toBe(2);
    expect(stdout).toBe("");
  });

  it("an unknown engine", () => {
    const { status, stderr } = headroom("calibrate", csv, "--map", map, "--engine", "llama-3.1-8b/h10/tp1");
    expect(stderr).toMatch(/--engine: .*h10[\s\S]*hint: [\s\S]*h100/);
    expect(status).toBe(2);
  });

  it("times that no engine of this hardware could reach", () => {
    const quick = ["--set", "stepTime.denseFloor=1us", "--set", "stepTime.denseBase=0s", "--set", "stepTime.overhead=1us"];
    const words = base.filter(
      (word, i) => !/denseFloor|denseBase|overhead/.test(base[i + 1] ?? "") && !/denseFloor|denseBase|overhead/.test(word),
    );
    const { status, stderr } = headroom("calibrate", csv, "--map", map, ...words, ...quick, ...limits, "--fit", "perSequence");
    expect(stderr).toMatch(/the fitted profile is refused: an iteration of one token .* is below the .* take at 3\.35 TB\/s/);
    expect(status).toBe(2);
  });
});
