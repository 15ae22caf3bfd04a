import { afterAll, describe, expect, it } from "vitest";
import { headroom, scratch } from "./headroom.ts";
import { base, calibrate, header, limits, lines, map } from "./measured-log.ts";

const files = scratch();
afterAll(() => files.clear());

const csv = files.write("requests.csv", [header, ...lines].join("\n"));

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
    [
      "a request that was not served",
      () => [write("o.csv", `${usual},outcome`, [...good.map((line) => `${line},served`), "50,100,10,,,unfinished"])],
      /o\.csv:42:11: ttft must be a time, and the cell is empty\n[\s\S]*hint: --where outcome=served/,
    ],
    [
      "milliseconds of a benchmark under names without a unit",
      () => [
        write(
          "ms.csv",
          "concurrency,isl,osl,ttft,tpot",
          good.map((_, i) => `${1 + (i % 8)},1000,200,150,18`),
        ),
        "--as-of",
        "2026-01-01",
      ],
      /ms\.csv: the measured TPOT, 18 s at the median, [\s\S]*hint: --map "tpot=tpot:ms,ttft=ttft:ms" reads ms/,
    ],
    ["half a token", () => [spoilt("c.csv", "50,100,1.5,0.1,0.5")], /c\.csv:42:8: output must be a whole number/],
    ["an arrival that is no time", () => [spoilt("d.csv", "soon,100,10,0.1,0.5")], /d\.csv:42:1: arrival must be a moment/],
    ["a row cut short", () => [spoilt("e.csv", "50,100")], /e\.csv:42:1: the row has 2 cells, and the header 5/],
    ["a broken line of JSON", () => [files.write("f.jsonl", '{"arrival":0}\n{"arr')], /f\.jsonl:2: the line is not JSON/],
    [
      "no day of measurement",
      () => [spoilt("g.csv", "50,100,10,0.1,0.5")],
      /g\.csv: does not tell when it was measured[\s\S]*--as-of YYYY-MM-DD/,
    ],
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

  it("times far from the base's by no power of a thousand, which no unit explains", () => {
    const quick = ["overhead=1us", "denseFloor=1us", "denseBase=0s"].flatMap((text) => ["--set", `stepTime.${text}`]);
    const { status, stderr } = headroom("calibrate", csv, "--map", map, ...base, ...quick, ...limits);
    expect(stderr).toMatch(/ is \d\d times the [\s\S]*hint: is llama-3\.1-8b\/h100\/tp1 the model and the GPU that were measured\?/);
    expect(status).toBe(2);
  });

  it("times that no engine of this hardware could reach", () => {
    const quick = ["--set", "stepTime.denseFloor=1us", "--set", "stepTime.denseBase=0s", "--set", "stepTime.overhead=1ms"];
    const words = base.filter(
      (word, i) => !/denseFloor|denseBase|overhead/.test(base[i + 1] ?? "") && !/denseFloor|denseBase|overhead/.test(word),
    );
    const { status, stderr } = headroom("calibrate", csv, "--map", map, ...words, ...quick, ...limits, "--fit", "perSequence");
    expect(stderr).toMatch(/the fitted profile is refused: an iteration of one token .* is below the .* take at 3\.35 TB\/s/);
    expect(status).toBe(2);
  });
});
