import type { PlainRung } from "./plain-given.ts";

/** What a request's client can see when it looks at its ladder. */
interface Sight {
  /** Number of the call that begins, from 1; 0 before the first. */
  readonly call: number;
  readonly waited: number;
  readonly inFlight: number;
  readonly breakerOpen: boolean;
  /** Tokens of the answer if no rung cuts it. */
  readonly output: number;
}

/** What the rungs that apply come to. */
interface Degraded {
  /** Number of the last of them that makes the answer worse, from 1; 0: none. One that leaves out a stage is asked for apart. */
  readonly rung: number;
  readonly maxOutput: number;
  readonly first: readonly string[] | undefined;
  readonly canned: { readonly latency: number } | undefined;
  /** Number of the last of them that leaves this stage out; 0: none does. */
  skips(stage: string): number;
}

export function degraded(ladder: readonly PlainRung[], sight: Sight): Degraded {
  const applies = ({ when }: PlainRung): boolean =>
    when.exhausted === undefined &&
    (when.call ?? 0) <= sight.call &&
    (when.waited ?? 0) <= sight.waited &&
    (when.inFlight ?? 0) <= sight.inFlight &&
    (when.breakerOpen === undefined || sight.breakerOpen);
  const worsens = ({ first, canned, maxOutput = Infinity }: PlainRung): boolean =>
    (first ?? canned) !== undefined || sight.output > maxOutput;
  const rungs = ladder.filter(applies);
  return {
    rung: 1 + ladder.findLastIndex((rung) => rungs.includes(rung) && worsens(rung)),
    maxOutput: rungs.findLast(({ maxOutput }) => maxOutput !== undefined)?.maxOutput ?? Infinity,
    first: rungs.findLast(({ first }) => first !== undefined)?.first,
    canned: rungs.findLast(({ canned }) => canned !== undefined)?.canned,
    skips: (stage) => 1 + ladder.findLastIndex((rung) => rungs.includes(rung) && rung.skip?.includes(stage)),
  };
}
