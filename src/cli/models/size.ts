import * as z from "zod";
import { nameHint } from "../../base/nearest.ts";
import { PlanError } from "../../base/plan-error.ts";
import { count, share } from "../../base/settings.ts";
import { limitsSettings } from "../../provider/limits/limits-settings.ts";
import { scopes, unitsOnOffer } from "../../provider/limits/sold-units.ts";
import { type ProvisionedUnits, provisionedUnits, unitSum } from "../../provider/provisioned-units.ts";
import { type SizedDeployment, unitTable } from "../../report/models/unit-table.ts";
import { tablesText } from "../../report/table.ts";
import type { Mapping } from "../../scenario/document/path.ts";
import { splitProfile } from "../../scenario/document/profiles.ts";
import { openCatalogue } from "../catalogue.ts";
import { textOptions } from "../print.ts";
import type { Shown } from "./text.ts";

/** Steady traffic as the command line has it, and where its deployment may be; both places when neither is asked for. */
export interface SizeFlags {
  readonly rpm: string;
  readonly input: string;
  readonly output: string;
  readonly cached: string;
  readonly regional: boolean;
  readonly global: boolean;
}

/** How many provisioned units steady traffic needs, step by step. */
export function sizeUnits(name: string, flags: SizeFlags, { json, color }: Shown): string {
  const given = unitsOf(name);
  const calls = {
    rpm: quantity("rpm", flags.rpm, count({ above: 0 })),
    input: quantity("input", flags.input, count({ min: 0 })),
    output: quantity("output", flags.output, count({ min: 0 })),
    cached: quantity("cached", flags.cached, share()),
  };
  const sum = unitSum(calls, given);
  const asked = scopes.filter((scope) => flags[scope] || !(flags.regional || flags.global));
  const deployments = asked.flatMap((scope): SizedDeployment[] => {
    const offer = given.sold?.[scope];
    if (offer === undefined && flags[scope])
      throw new PlanError({ code: "bad-flag", path: `--${scope}`, message: `\`${name}\` is not sold so` });
    return offer === undefined ? [] : [{ scope, units: unitsOnOffer(sum.exact, offer), ...offer }];
  });
  if (json) return `${JSON.stringify({ schema: "headroom/units/1", profile: name, calls, sum, deployments })}\n`;
  return tablesText([unitTable(name, calls, given, sum, deployments)], textOptions(color));
}

function unitsOf(name: string): ProvisionedUnits {
  const catalogue = openCatalogue();
  const kind = "provider-limits";
  const known = catalogue.names(kind).flatMap((one) => (provisioned(catalogue.find(kind, one) as Mapping) === undefined ? [] : [one]));
  const profile = catalogue.find(kind, name) as Mapping | undefined;
  const given = profile && provisioned(profile);
  if (given !== undefined) return given;
  const message = profile === undefined ? `there is no profile \`${name}\`` : `\`${name}\` has no provisioned units`;
  throw new PlanError({ code: "unknown-name", message, hint: nameHint(name, known) });
}

function provisioned(profile: Mapping): ProvisionedUnits | undefined {
  return provisionedUnits(limitsSettings.parse(splitProfile(profile).settings));
}

function quantity(flag: string, text: string, schema: z.ZodType<number, string | number>): number {
  const decoded = z.safeDecode(schema, text);
  if (decoded.success) return decoded.data;
  const [{ message, ...issue }] = decoded.error.issues;
  const { hint } = "params" in issue ? (issue.params as { hint?: string }) : {};
  throw new PlanError({ code: "bad-flag", path: `--${flag}`, message, value: text, hint });
}
