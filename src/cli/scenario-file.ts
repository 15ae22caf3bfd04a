import { readFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { PlanError } from "../base/plan-error.ts";
import type { Traces } from "../experiment/runner.ts";
import type { Assignment } from "../scenario/document/assignments.ts";
import { type DecodedScenario, decodeScenario } from "../scenario/document/decode.ts";
import { requireReadablePrompts } from "../scenario/prompts.ts";
import type { TrafficClass } from "../scenario/schema.ts";
import { traceKey } from "../traffic/arrivals/arrivals.ts";
import { readTrace } from "../traffic/trace-file.ts";
import type { Trace } from "../traffic/trace.ts";
import { openModels } from "./catalogue.ts";

/** A scenario file that may be decoded several times, each time with other settings changed. */
export interface ScenarioFile {
  readonly file: string;
  decode(assignments: readonly Assignment[]): DecodedScenario;
}

/** @param map columns of the traces that the scenario gives no map for */
export function openScenario(file: string, map?: string): ScenarioFile {
  const text = readText(file);
  const catalogue = openModels();
  const folder = dirname(file);
  // Paths are kept relative to the working folder, so that messages and results read the same on every machine.
  const resolveFile = (path: string, from: "file" | "flag"): string => relative("", resolve(from === "file" ? folder : "", path));
  const decode = (assignments: readonly Assignment[]): DecodedScenario =>
    decodeScenario({ file, text, assignments, catalogue, resolveFile });
  return {
    file,
    decode: (assignments) => decode(map === undefined ? assignments : [...assignments, ...mapOf(map, decode(assignments))]),
  };
}

function mapOf(map: string, { scenario }: DecodedScenario): Assignment[] {
  const unmapped = Object.entries(scenario.traffic).filter(
    ([, { arrivals }]) => arrivals.trace !== undefined && arrivals.map === undefined,
  );
  return unmapped.map(([name]) => ({ path: `traffic.${name}.arrivals.map`, value: JSON.stringify(map), flag: "--map" }));
}

/** @throws PlanError when a map was given on the command line that no trace of these scenarios needed */
export function requireMapUsed(map: string | undefined, decoded: readonly DecodedScenario[]): void {
  const used = decoded.some(({ scenario }) => Object.values(scenario.traffic).some(({ arrivals }) => arrivals.map === map));
  if (map === undefined || used) return;
  throw new PlanError({ code: "bad-flag", path: "--map", message: "is for a trace without a map, and there is none", value: map });
}

/** @throws PlanError when the file is not there, or no text */
export function readText(file: string, noun = "scenario file"): string {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw unreadable(file, noun, (error as NodeJS.ErrnoException).code);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new PlanError({ code: "unreadable", place: { file }, message: "is not a text file in UTF-8" });
  }
}

function unreadable(file: string, noun: string, code: string | undefined): PlanError {
  const place = { file };
  if (code === "EISDIR") return new PlanError({ code: "unreadable", place, message: `is a folder, not a ${noun}` });
  if (code !== "ENOENT") return new PlanError({ code: "unreadable", place, message: `cannot be read (${code})` });
  const hint = "paths on the command line are relative to the working folder";
  return new PlanError({ code: "missing-file", place, message: `there is no such ${noun}`, hint });
}

/**
 * Reads every trace that some scenario names, once.
 * @throws PlanError when a trace cannot be read, or holds prompts that a pool could not
 */
export function readTraces(decoded: readonly DecodedScenario[]): Traces {
  const traces = new Map<string, Trace>();
  for (const { scenario } of decoded) {
    for (const [name, { arrivals }] of Object.entries(scenario.traffic)) {
      const key = traceKey(arrivals);
      if (key !== undefined && !traces.has(key)) traces.set(key, traceOf(name, arrivals));
    }
    requireReadablePrompts(scenario, traces);
  }
  return traces;
}

function traceOf(className: string, { trace, map, hashBlock }: TrafficClass["arrivals"]): Trace {
  try {
    return readTrace(trace!, { map, hashBlock });
  } catch (error) {
    if (!(error instanceof PlanError) || error.details.code !== "missing-file") throw error;
    const { hint } = error.details;
    const where = `traffic.${className}.arrivals.trace names it, relative to the scenario's file; a flag's path is relative to the working folder`;
    throw new PlanError({ ...error.details, hint: hint === undefined ? where : `${hint} ${where}` });
  }
}
