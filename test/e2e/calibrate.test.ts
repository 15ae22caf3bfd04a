import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { measuredRequests } from "../experiment/calibration/synthetic.ts";
import { headroom, scratch } from "./headroom.ts";
import { calibrate, fit, header, limits, lines, map, requests } from "./measured-log.ts";

const files = scratch();
afterAll(() => files.clear());

const csv = files.write("requests.csv", [header, ...lines].join("\n"));

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

  it("states the error as a number that stands in its text too", () => {
    const { error } = parse(done.stdout) as { error: Record<"tpot" | "ttft" | "text", string> };
    expect(error.text).toContain(`TPOT median ${error.tpot.replace("%", " %")}`);
    expect(error.text).toContain(`TTFT median ${error.ttft.replace("%", " %")}`);
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
    const named = calibrate(csv, "--map", map, ...fit, "--name", "mine/h100/tp1", "-o", output);
    expect(named).toMatchObject({ status: 0, stdout: "" });
    expect(named.stderr).toMatch(/named\.yaml is written: put it in models\/engines, and scenarios can say engine: mine\/h100\/tp1\n$/);
    expect(parse(readFileSync(output, "utf8"))).toEqual({ profiles: { "mine/h100/tp1": parse(done.stdout) } });
  });

  it("writes a profile without a name, says how to use it, and models check takes it as it is", () => {
    const output = join(files.folder, "engine.yaml");
    const { stderr } = calibrate(csv, "--map", map, ...fit, "-o", output);
    expect(stderr).toMatch(/engine\.yaml is written: paste it under pools\.<pool>\.engine, or give --name to make a file of profiles/);
    expect(headroom("models", "check", output)).toMatchObject({ status: 0, stdout: "1 profile checked, nothing wrong: 1 engines\n" });

    const spoilt = files.write("spoilt.yaml", readFileSync(output, "utf8").replace(/^maxSequences: .*$/m, "maxSequences: 0"));
    const refused = headroom("models", "check", spoilt);
    expect(refused.stderr).toMatch(/spoilt\.yaml:\d+:1: spoilt\.maxSequences: must be at least 1/);
    expect(refused.status).toBe(2);
  });

  it("fits the floor of a base that is derived", () => {
    const words = ["--engine", "llama-3.1-8b-bf16/h100/tp1", ...limits, "--keep", "promptOverhead"];
    const { status, stdout } = headroom("calibrate", csv, "--map", map, ...words);
    expect(stdout).toMatch(/standard errors: denseFloor .*densePerToken .*perKvToken .*; overhead,/s);
    expect(status).toBe(0);
  });

  it("warns of a large error of what was held out, even without tables", () => {
    const late = requests
      .slice(54)
      .map(({ at, inputTokens, outputTokens, ttft, total }) => [at, inputTokens, outputTokens, ttft, 1.3 * total]);
    const slower = files.write("slower.csv", [header, ...lines.slice(0, 54), ...late.map((cells) => cells.join(","))].join("\n"));
    const { status, stderr } = calibrate(slower, "--map", map, ...fit, "--quiet");
    expect(stderr).toMatch(/^headroom: warning: last 36 requests, held out: .* is \d\d\.\d %, above 10 %: [^\n]*\n$/);
    expect(status).toBe(0);
  });

  it("takes a unit behind a column's name", () => {
    const plain = files.write("plain.csv", [header.replaceAll("_ms", ""), ...lines].join("\n"));
    const unitless = map.replaceAll("_ms", "");
    const wrong = calibrate(plain, "--map", unitless, ...fit);
    expect(wrong.stderr).toMatch(
      /plain\.csv: the measured TPOT, [\d.]+ s at the median, is [\d,]+ times the [\d.]+ ms that llama-3\.1-8b\/h100\/tp1/,
    );
    expect(wrong.status).toBe(2);
    const advised = /hint: --map "([^"]+)" reads ms, as do columns named latency_ms, ttft_ms/.exec(wrong.stderr)?.[1];
    const right = calibrate(plain, "--map", advised!, ...fit);
    expect(parse(right.stdout)).toMatchObject({ stepTime: (parse(done.stdout) as Record<string, unknown>)["stepTime"] });
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
