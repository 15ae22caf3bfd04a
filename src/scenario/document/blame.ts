import type { PlanErrorDetails } from "../../base/plan-error.ts";
import { type Assigned, flagText } from "./assignments.ts";
import type { Mistake } from "./mistake.ts";
import { dotted, type Path, startsWith, valueAt } from "./path.ts";
import type { UsedProfile } from "./profiles.ts";
import type { Source } from "./source.ts";

/** All that a raw scenario was put together from. */
export interface Written {
  readonly source: Source;
  readonly assigned: readonly Assigned[];
  readonly used: readonly UsedProfile[];
  /** The raw scenario with assignments and profiles in it. */
  readonly root: unknown;
}

/** Finds who wrote what is wrong: a flag, the file, or a profile; and shows it as they wrote it. */
export function blame(mistake: Mistake, written: Written): PlanErrorDetails {
  const { path } = mistake;
  const { source, assigned, used } = written;
  const flag = assigned.findLast(({ at }) => startsWith(path, at));
  if (flag !== undefined) return flagDetails(mistake, flag, written);
  const profile = used.find(({ at }) => startsWith(path, at));
  const inProfile = profile !== undefined && !source.has(path.length > profile.at.length ? path : [...profile.at, profile.nameKey]);
  const throughFlag = assigned.find(({ at }) => startsWith(at, path));
  if (inProfile) return profileDetails(mistake, profile, written, throughFlag);
  if (!source.has(path) && throughFlag !== undefined) return flagDetails(mistake, throughFlag, written);
  return { ...common(mistake), path: dotted(path), place: nearestPlace(mistake, source), value: shown(mistake, source.written(path)) };
}

function common({ code, message, hint }: Mistake) {
  return { code, message, hint };
}

/** What was found is shown where a value is wrong in itself, unless the message says it already. */
function shown({ at, message, code }: Mistake, value: string | undefined): string | undefined {
  if (at === "key" || code === "contradiction" || code === "missing-key") return undefined;
  return value !== undefined && message.includes(`\`${value}\``) ? undefined : value;
}

function flagDetails(mistake: Mistake, { at, assignment }: Assigned, { root }: Written): PlanErrorDetails {
  const whole = at.length === mistake.path.length;
  const value: unknown = valueAt(root, mistake.path);
  const found = whole || typeof value === "object" || value === undefined ? undefined : shown(mistake, String(value));
  return { ...common(mistake), path: whole ? undefined : dotted(mistake.path), place: { file: flagText(assignment) }, value: found };
}

function profileDetails(mistake: Mistake, profile: UsedProfile, { source, root }: Written, flag: Assigned | undefined): PlanErrorDetails {
  const value = valueAt(root, mistake.path);
  const found = typeof value === "object" || value === undefined ? undefined : shown(mistake, String(value));
  const message = `${mistake.message}, in the profile \`${profile.use.name}\``;
  const place = source.has(profile.at) ? source.place(profile.at, "value") : flag && { file: flagText(flag.assignment) };
  return { ...common(mistake), message, path: dotted(mistake.path), place: place ?? { file: source.file }, value: found };
}

/** The place of the path or, where nothing is written there, of what would hold it. */
function nearestPlace({ path, at }: Mistake, source: Source) {
  for (let length = path.length; length > 0; length--) {
    const held: Path = path.slice(0, length);
    const place = source.place(held, length < path.length ? "key" : at);
    if (place !== undefined) return place;
  }
  return { file: source.file };
}
