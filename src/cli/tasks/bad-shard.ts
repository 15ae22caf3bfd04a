import { PlanError } from "../../base/plan-error.ts";

/** A mistake in `--shard`. */
export function badShard(value: string, message: string, hint: string): PlanError {
  return new PlanError({ code: "bad-flag", path: "--shard", message, value: value === "" ? '""' : value, hint });
}
