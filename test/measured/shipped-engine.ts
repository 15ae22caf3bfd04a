import { openCatalogue, openModels } from "../../src/cli/catalogue.ts";
import { profileError } from "../../src/scenario/profile-error.ts";
import { profileMetadata } from "../../src/scenario/document/profiles.ts";
import type { BatchSettings } from "../../src/serving/replica/continuous-batch.ts";
import { engineSettings } from "../../src/serving/replica/engine-settings.ts";

const catalogue = openModels();

export const engineNames = openCatalogue().names("engines");

/** What a shipped engine profile says about itself. */
export function aboutEngine(name: string): { readonly how: string; readonly error: string } {
  const { how, error } = profile(name);
  return { how: String(how), error: profileError(error)?.text ?? "" };
}

/** A shipped engine profile, decoded as a scenario decodes it; undefined stands for one that is no LLM engine. */
export function shippedEngine(name: string): (BatchSettings & { readonly gpu: string; readonly gpus: number }) | undefined {
  const given = Object.entries(profile(name)).filter(([key]) => !(profileMetadata as readonly string[]).includes(key));
  const { stepTime, kvBlocks, gpu, ...rest } = engineSettings.parse(Object.fromEntries(given));
  if (stepTime === undefined || kvBlocks === undefined) return undefined;
  return { ...rest, stepTime, kvBlocks, gpu: gpu ?? "unnamed" };
}

function profile(name: string): Record<string, unknown> {
  const found = catalogue.find("engines", name);
  if (found === undefined) throw new Error(`there is no engine profile ${name}`);
  return found as Record<string, unknown>;
}
