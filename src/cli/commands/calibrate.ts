import { writeFileSync } from "node:fs";
import { basename } from "node:path";
import type { CommandModule } from "yargs";
import { plural } from "../../base/format.ts";
import { PlanError } from "../../base/plan-error.ts";
import { parseQuantity, share } from "../../base/units.ts";
import { calibrateBenchmark } from "../../experiment/calibration/calibrate-benchmark.ts";
import { calibrateRequests } from "../../experiment/calibration/calibrate-requests.ts";
import type { Calibration, CalibrationBase } from "../../experiment/calibration/calibration.ts";
import { inferenceMax } from "../../experiment/calibration/closed-loop.ts";
import { requestPairs, rowPairs } from "../../experiment/calibration/errors.ts";
import { requireAboveFloors } from "../../experiment/calibration/floors.ts";
import { requireServable } from "../../experiment/calibration/servable.ts";
import { calibratedProfile, requireWithinHardware } from "../calibration/calibrated-profile.ts";
import { calibrationTables, heldOutWarning } from "../calibration/calibration-table.ts";
import { type BaseProfile, coefficientsToFit, openBase } from "../calibration/base-profile.ts";
import { onceEach, simulationFlags } from "../flags.ts";
import { requirePlausible } from "../calibration/measurement-units.ts";
import { type Measurements, readMeasurements } from "../calibration/measurements-file.ts";
import { writing } from "../writing.ts";

interface Flags {
  measurements: string;
  engine: string;
  set: string[];
  map: string | undefined;
  where: string[];
  fit: string | undefined;
  keep: string | undefined;
  "hold-out": string | undefined;
  "requests-per-client": number | undefined;
  "shortest-length": string | undefined;
  "as-of": string | undefined;
  name: string | undefined;
  output: string | undefined;
  quiet: boolean;
}

const text = { type: "string", requiresArg: true } as const;

export function calibrateCommand(): CommandModule<object, Flags> {
  return {
    command: "calibrate <measurements>",
    describe: "an engine profile from measured requests, or from rows of a benchmark",
    builder: (argv) =>
      argv
        .parserConfiguration({ "greedy-arrays": false })
        .positional("measurements", { type: "string", demandOption: true, describe: "CSV or lines of JSON" })
        .option("engine", { ...text, demandOption: true, describe: "profile to start from, whose limits are kept" })
        .option("set", simulationFlags.set)
        .option("map", {
          ...text,
          describe:
            "columns: arrival, input, output, ttft or first, total or last; or concurrency, input, output, ttft, tpot; a unit may follow: ttft=wait:ms",
        })
        .option("where", { ...text, array: true, default: [] as string[], describe: "take only rows with column=value (repeatable)" })
        .option("fit", { ...text, describe: "coefficients to fit: overhead,perSequence; all others are kept" })
        .option("keep", { ...text, describe: "coefficients to take from the profile instead of fitting them" })
        .option("hold-out", { ...text, describe: "share of the requests, the last in time, that is only scored (default 40%)" })
        .option("requests-per-client", {
          type: "number",
          requiresArg: true,
          describe: "of a benchmark: how many each client made (default 10)",
        })
        .option("shortest-length", { ...text, describe: "of a benchmark: shortest length, as a share of the nominal one (default 80%)" })
        .option("as-of", { ...text, describe: "day of the measurement, YYYY-MM-DD, when the file does not tell it" })
        .option("name", { ...text, describe: "write a file for models/engines that holds the profile under this name" })
        .option("output", { ...text, alias: "o", describe: "file for the profile (default: standard output)" })
        .option("quiet", { type: "boolean", default: false, describe: "no tables" })
        .check(onceEach)
        .example("$0 calibrate requests.csv --engine llama-3.1-8b/h100/tp1 -o engine.yaml", "fit a profile to a log of requests"),
    handler(flags) {
      const measured = readMeasurements(flags.measurements, { map: flags.map, where: flags.where });
      const asOf = dayOf(flags["as-of"], measured);
      const base = openBase(flags.engine, flags.set);
      const { engine, floors } = base;
      const chosen = coefficientsToFit(base, { fit: flags.fit, keep: flags.keep, isBenchmark: measured.rows !== undefined });
      const start: CalibrationBase = { engine, floors, ...chosen, file: measured.file };
      const calibration = calibrate(measured, start, base.name, flags);
      requireAboveFloors(calibration, start);
      requireWithinHardware(calibration, base);
      const content = plural((measured.requests ?? measured.rows)!.length, measured.requests === undefined ? "row" : "request");
      const profile = calibratedProfile(
        calibration,
        base,
        { file: basename(measured.file), hash: measured.hash, content, asOf },
        flags.name,
      );
      if (!flags.quiet) process.stderr.write(calibrationTables(calibration) + floorNote(base));
      process.stderr.write(heldOutWarning(calibration));
      const { output } = flags;
      if (output === undefined) process.stdout.write(profile);
      else writing("--output", output, () => writeFileSync(output, profile));
      if (output !== undefined && !flags.quiet) process.stderr.write(useNote(output, flags.name));
    },
  };
}

/** Says when nothing holds a fit to its hardware. */
function floorNote({ deployment, name }: BaseProfile): string {
  return deployment === undefined ? `${name} names no model and GPU of the catalogue: the fit was held to no hardware's floor\n` : "";
}

/** Says what to do with the file that was written. */
function useNote(file: string, name: string | undefined): string {
  const use =
    name === undefined
      ? "paste it under pools.<pool>.engine, or give --name to make a file of profiles for models/engines"
      : `put it in models/engines, and scenarios can say engine: ${name}`;
  return `${file} is written: ${use}\n`;
}

function calibrate(measured: Measurements, base: CalibrationBase, name: string, flags: Flags): Calibration {
  const { requests, rows, file } = measured;
  if (requests !== undefined) {
    refuseFlags(flags, ["requests-per-client", "shortest-length"], "goes with rows of a benchmark, and these are requests");
    requireServable(requests, base.engine, file);
    requirePlausible(measured, requestPairs(requests, base.engine), name, flags.map);
    return calibrateRequests(requests, base, shareOf(flags, "hold-out", 0.4, { least: 0.05, most: 0.95 }));
  }
  refuseFlags(flags, ["hold-out"], "goes with requests; of a benchmark every group of rows is held out in turn");
  requireServable(rows!, base.engine, file);
  const requestsPerClient = flags["requests-per-client"] ?? inferenceMax.requestsPerClient;
  if (!(Number.isInteger(requestsPerClient) && requestsPerClient >= 1 && requestsPerClient <= 1000)) {
    const message = "must be a whole number from 1 to 1000";
    throw new PlanError({ code: "bad-flag", path: "--requests-per-client", message, value: String(requestsPerClient) });
  }
  const shortest = shareOf(flags, "shortest-length", inferenceMax.shortest, { least: 0.01, most: 1 });
  const protocol = { requestsPerClient, shortest };
  requirePlausible(measured, rowPairs(rows!, base.engine, protocol), name, flags.map);
  return calibrateBenchmark(rows!, base, protocol);
}

function refuseFlags(flags: Flags, names: readonly (keyof Flags)[], message: string): void {
  const given = names.find((name) => flags[name] !== undefined);
  if (given !== undefined) throw new PlanError({ code: "bad-flag", path: `--${given}`, message, value: String(flags[given]) });
}

function shareOf(
  flags: Flags,
  name: "hold-out" | "shortest-length",
  usual: number,
  { least, most }: { least: number; most: number },
): number {
  const given = flags[name];
  const value = given === undefined ? usual : parseQuantity(share, given);
  if (value !== undefined && value >= least && value <= most) return value;
  throw new PlanError({
    code: "bad-flag",
    path: `--${name}`,
    message: `must be a share from ${least * 100}% to ${most * 100}%`,
    value: given,
  });
}

function dayOf(given: string | undefined, { day, file }: Measurements): string {
  if (given !== undefined && !/^2\d{3}-[01]\d-[0-3]\d$/.test(given)) {
    throw new PlanError({ code: "bad-flag", path: "--as-of", message: "must be a day, written like 2026-04-25", value: given });
  }
  const asOf = given ?? day;
  if (asOf !== undefined) return asOf;
  throw new PlanError({
    code: "missing-key",
    place: { file },
    message: "does not tell when it was measured",
    hint: "--as-of YYYY-MM-DD, the day of the measurement",
  });
}
