import { parseDocument } from "yaml";
import type * as z from "zod";
import { nameHint } from "../../base/nearest.ts";
import { PlanError, type PlanErrorCode } from "../../base/plan-error.ts";
import { dotted, isMapping, type Path } from "./path.ts";
import { nameKeys, type ProfileSlot, slotAt } from "./profiles.ts";
import { isRecordAt, keysAt } from "./schema-walk.ts";
import { readSource } from "./source.ts";

/** A value given on the command line instead of the file's: path `pools.gpus.warm.size`, value `2`, flag `--set` for messages. */
export interface Assignment {
  readonly path: string;
  readonly value: string;
  readonly flag: string;
}

/** An assignment with its path taken apart. */
export interface Assigned {
  readonly at: Path;
  readonly assignment: Assignment;
}

/** The assignment as it stood on the command line, in the place of a file's name. */
export function flagText({ flag, path, value }: Assignment): string {
  return `${flag} ${path}=${value}`;
}

/**
 * Writes the assignments into a raw scenario. Wholes come before their parts, whatever the order of the flags, so that
 * `--vary pools.gpus.engine=a,b` goes together with `--set pools.gpus.engine.maxSequences=64`. The value null takes a setting out of the
 * scenario, as if it had never been written.
 */
export function applyAssignments(
  root: unknown,
  assignments: readonly Assignment[],
  schema: z.ZodType,
  slots: readonly ProfileSlot[],
): Assigned[] {
  const assigned = assignments.map((assignment) => ({ assignment, at: assignment.path.split(".") }));
  assigned.sort((a, b) => a.at.length - b.at.length);
  for (const { at, assignment } of assigned) {
    if (at.some((step) => step === "" || step === "__proto__"))
      throw refuse(assignment, "bad-flag", "is not a path, such as pools.gpus.warm.size");
    const value = parseValue(assignment);
    const there = stepsThere(root, at);
    const holder = at.slice(0, -1).reduce((here, step, i) => descend(here, step, at.slice(0, i), assignment, schema, slots), root);
    if (value === null && there < at.length) checkNotOfProfile(root, at, assignment, slots);
    put(holder, at, value, assignment, schema, slots);
    // Where the way to what is taken out was not there either, it stays as it was.
    if (value === null && there < at.length - 1) delete (under(root, at.slice(0, there)) as Record<string, unknown>)[at[there]];
  }
  return assigned;
}

/** How many steps of a path lead to something, from the root on. */
function stepsThere(root: unknown, at: readonly string[]): number {
  let steps = 0;
  for (let here = root; steps < at.length && isHolder(here) && Object.hasOwn(here, at[steps]); steps++) here = here[at[steps]];
  return steps;
}

function under(root: unknown, at: Path): unknown {
  return at.reduce((here, step) => (here as Record<string | number, unknown>)[step], root);
}

function isHolder(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function refuse(assignment: Assignment, code: PlanErrorCode, message: string, hint?: string): PlanError {
  return new PlanError({ code, message, place: { file: flagText(assignment) }, hint });
}

function parseValue(assignment: Assignment): unknown {
  if (assignment.value.trim() === "") throw refuse(assignment, "bad-flag", "has no value after the =");
  const [error] = parseDocument(assignment.value, { prettyErrors: false, logLevel: "silent" }).errors;
  if (error !== undefined) throw refuse(assignment, "bad-syntax", `is not YAML: ${error.message}`, "'{ min: 1, max: 4 }' is a mapping");
  return readSource(flagText(assignment), assignment.value).value;
}

/** The value under one step of the path, made where a known key is not there yet. */
function descend(here: unknown, step: string, at: Path, assignment: Assignment, schema: z.ZodType, slots: readonly ProfileSlot[]): unknown {
  checkHolder(here, step, at, assignment);
  if (Array.isArray(here)) return here[Number(step)];
  const mapping = here as Record<string, unknown>;
  if (!Object.hasOwn(mapping, step)) {
    // What extends a profile may change what has a name there.
    const inProfile = isRecordAt(schema, at) && Object.hasOwn(mapping, "extends");
    if (isRecordAt(schema, at) && !inProfile && !keysAt(schema, at).includes(step)) {
      const known = Object.keys(mapping);
      const hint = known.length === 0 ? "none is described in this scenario" : nameHint(step, known);
      throw refuse(assignment, "unknown-name", `there is no \`${step}\` in ${dotted(at)}`, hint);
    }
    if (!inProfile) checkKnown(step, at, assignment, schema);
    mapping[step] = {};
  } else if (typeof mapping[step] === "string" && slotAt([...at, step], slots) !== undefined) {
    mapping[step] = { extends: mapping[step] };
  }
  return mapping[step];
}

function checkHolder(here: unknown, step: string, at: Path, assignment: Assignment): void {
  if (isMapping(here)) return;
  if (!Array.isArray(here)) {
    const given = here === null ? "nothing" : `\`${String(here)}\``;
    throw refuse(assignment, "wrong-type", `${dotted(at)} holds ${given}, so nothing can be set below it`, `set ${dotted(at)} as a whole`);
  }
  if (/^\d+$/.test(step) && Number(step) < here.length) return;
  const count = here.length === 1 ? "1 entry" : `${here.length} entries`;
  throw refuse(assignment, "unknown-name", `${dotted(at)} has ${count}, counted from 0: there is no \`${step}\``);
}

function checkKnown(step: string, at: Path, assignment: Assignment, schema: z.ZodType): void {
  const known = keysAt(schema, at);
  if (known.length === 0 || known.includes(step)) return;
  const subject = at.length === 0 ? "a scenario" : dotted(at);
  throw refuse(assignment, "unknown-key", `${subject} has no \`${step}\``, nameHint(step, known));
}

function put(holder: unknown, at: Path, value: unknown, assignment: Assignment, schema: z.ZodType, slots: readonly ProfileSlot[]): void {
  const [parent, last] = [at.slice(0, -1), String(at.at(-1))];
  checkHolder(holder, last, parent, assignment);
  if (Array.isArray(holder)) {
    if (value === null) throw refuse(assignment, "bad-flag", "cannot be taken out of a list", `set ${dotted(parent)} as a whole`);
    holder[Number(last)] = value;
    return;
  }
  const slot = slotAt(parent, slots);
  const names = slot === undefined ? [] : nameKeys(slot);
  const mapping = holder as Record<string, unknown>;
  if (names.includes(last)) for (const name of names) delete mapping[name];
  else if (!isRecordAt(schema, parent)) checkKnown(last, parent, assignment, schema);
  if (value !== null) mapping[last] = value;
  else if (Object.hasOwn(mapping, last)) delete mapping[last];
}

/** What a profile brings is not in the scenario and cannot be taken out of it. */
function checkNotOfProfile(root: unknown, at: Path, assignment: Assignment, slots: readonly ProfileSlot[]): void {
  for (let depth = 1; depth < at.length; depth++) {
    const slot = slotAt(at.slice(0, depth), slots);
    const here = slot === undefined ? undefined : under(root, at.slice(0, depth));
    const name = isMapping(here) ? nameKeys(slot!).find((key) => Object.hasOwn(here, key)) : undefined;
    if (name === undefined) continue;
    const profile = String((here as Record<string, unknown>)[name]);
    const hint = "give it another value, or write the profile out without it";
    throw refuse(assignment, "bad-flag", `is not in the scenario itself, and may come with \`${profile}\``, hint);
  }
}
