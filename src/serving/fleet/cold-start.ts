import * as z from "zod";
import { duration, factor, issue, oneOf, settings } from "../../base/settings.ts";
import type { Distribution } from "../../kernel/distributions/distribution.ts";
import { createDistribution, distribution, type DistributionSettings } from "../../kernel/distributions/registry.ts";
import type { KeyedRandom } from "../../kernel/random.ts";
import { type StartPhase, startPhases, type WarmState, warmStates } from "./lifecycle.ts";

/**
 * What a replica may find on its node, by the phase that it shortens. `node` says that the node itself is at hand; any of the others
 * may be there without it, since a new node brings along what is in its machine image or on a volume that it mounts.
 */
const cacheOfPhase = { provisioning: "node", pulling: "image", loading: "weights", compiling: "compiled" } as const;
type KeyedPhase = keyof typeof cacheOfPhase;
const keyedPhases = Object.keys(cacheOfPhase) as KeyedPhase[];
const caches = Object.values(cacheOfPhase);

type KeyedTime = { readonly cached: DistributionSettings; readonly missing: DistributionSettings };
type PhaseTime = DistributionSettings | KeyedTime;

const plain = distribution(duration());
const time = () => plain.optional();

/** A distribution of seconds, or one for nodes that have what the phase needs and one for the others. */
function keyedTime(): z.ZodOptional<z.ZodType<PhaseTime>> {
  const { min, max, ...kinds } = (plain as unknown as z.ZodObject<Record<string, z.ZodType>>).shape;
  const either = oneOf({ ...kinds, cached: plain }, { min, max, missing: plain.optional() }).superRefine((value, context) => {
    const given = (key: string): boolean => (value as Record<string, unknown>)[key] !== undefined;
    if (!given("cached")) {
      if (given("missing") && Object.keys(kinds).some(given)) {
        issue(context, "contradiction", "stands beside `cached` only", { path: ["missing"], hint: "{ cached: …, missing: … }" });
      }
      return;
    }
    if (!given("missing")) {
      issue(context, "missing-key", "needs `missing` beside `cached`", { hint: "how long it takes on a node that lacks it" });
    }
    for (const bound of ["min", "max"].filter(given)) {
      issue(context, "contradiction", "bounds a distribution, and here are two", { path: [bound], hint: "give it in cached and missing" });
    }
  });
  return (either as unknown as z.ZodType<PhaseTime>).optional();
}

export const coldStartSettings = settings({
  nodes: z
    .array(
      settings({
        weight: factor({ above: 0 }).describe("how often, against the other nodes"),
        cached: z.array(z.enum(caches)).describe("what is there: node (a node at hand), image, weights, compiled"),
      }),
    )
    .min(1)
    .optional()
    .describe("the nodes that a new replica may get; one is drawn for each start, and decides all phases that are keyed"),
  phases: settings({
    provisioning: keyedTime().describe("until the node is there; may be keyed by `node`"),
    pulling: keyedTime().describe("the image; may be keyed by `image`"),
    loading: keyedTime().describe("the weights into the GPU; may be keyed by `weights`"),
    compiling: keyedTime().describe("kernels and graphs; may be keyed by `compiled`"),
    warming: time().describe("profiling, first requests, health checks"),
  }),
  resume: settings({
    stopped: time().describe("from node and image ready to ready"),
    paused: time().describe("from weights on the node and process up to ready"),
    ready: time().describe("from idle to serving"),
  })
    .prefault({})
    .describe("how long a warm replica in that state needs to become ready"),
}).superRefine(({ nodes, phases }, context) => {
  // Whether nodes and phases go together cannot be said of phases that are wrong in themselves.
  if (context.issues.length > 0) return;
  const keyed = keyedPhases.filter((phase) => isKeyed(phases[phase]));
  if (nodes === undefined) {
    if (keyed.length === 0) return;
    issue(context, "missing-key", "is keyed by what is cached, but there are no `nodes` to draw", {
      path: ["phases", keyed[0]],
      hint: `nodes: [{ weight: 1, cached: [] }, { weight: 2, cached: [${cacheOfPhase[keyed[0]]}] }]`,
    });
    return;
  }
  nodes.forEach(({ cached }, node) => {
    cached.forEach((cache, i) => {
      const path = ["nodes", node, "cached", i];
      if (cached.indexOf(cache) < i) issue(context, "contradiction", `names \`${cache}\` twice`, { path });
    });
  });
});

export type ColdStartSettings = z.infer<typeof coldStartSettings>;

function isKeyed(given: PhaseTime | undefined): given is KeyedTime {
  return given?.["cached"] !== undefined;
}

const atOnce = createDistribution({ constant: 0 });

function lawOf(given: PhaseTime | undefined, cached: boolean): Distribution {
  if (given === undefined) return atOnce;
  return createDistribution(isKeyed(given) ? given[cached ? "cached" : "missing"] : given);
}

/** A node that a replica may get, with how long each phase takes there. */
interface Node {
  readonly weight: number;
  readonly laws: readonly Distribution[];
}

/** Aspects of a start's number; each phase of a start from nothing has its own, from 0 on. */
const resumeAspect = startPhases.length;
const nodeAspect = resumeAspect + 1;
const restartAspect = nodeAspect + 1;

/**
 * Draws how long starts take, in seconds. The n-th start from nothing takes as long under every policy that is compared, however many
 * warm replicas resumed or processes restarted before it; likewise the n-th resumption and the n-th restart.
 */
export class ColdStart {
  /** Exact mean seconds of a start from nothing; of distributions with a `min` or `max`, the mean before that cut. */
  readonly mean: number;
  private readonly nodes: readonly Node[];
  private readonly weightOfAll: number;
  private readonly restarting: readonly Distribution[];
  private readonly resuming: Readonly<Record<WarmState, Distribution>>;
  private readonly random: KeyedRandom;
  private starts = 0;
  private resumptions = 0;
  private restarts = 0;

  constructor(given: ColdStartSettings | undefined, random: KeyedRandom) {
    const { nodes = [{ weight: 1, cached: [] }], phases = {}, resume = {} } = given ?? {};
    const law = (phase: StartPhase, cached: readonly string[]): Distribution =>
      lawOf(phases[phase], phase !== "warming" && cached.includes(cacheOfPhase[phase]));
    this.nodes = nodes.map(({ weight, cached }) => ({ weight, laws: startPhases.map((phase) => law(phase, cached)) }));
    this.weightOfAll = nodes.reduce((sum, { weight }) => sum + weight, 0);
    this.mean = this.nodes.reduce((sum, { weight, laws }) => {
      const ofNode = laws.reduce((seconds, { mean }) => seconds + mean, 0);
      return sum + (weight / this.weightOfAll) * ofNode;
    }, 0);
    this.restarting = startPhases.map((phase) => (phase === "provisioning" || phase === "pulling" ? atOnce : law(phase, caches)));
    this.resuming = Object.fromEntries(warmStates.map((state) => [state, lawOf(resume[state], true)])) as Record<WarmState, Distribution>;
    this.random = random;
  }

  /** Fills in the seconds of each phase of the next start, by position in `startPhases`. */
  fromNothing(into: Float64Array): void {
    const start = this.starts++;
    const { laws } = this.nodeOf(start);
    for (let phase = 0; phase < laws.length; phase++) into[phase] = laws[phase].sample(this.random.of(start, phase));
  }

  /** The same for a process that starts again on its node: that is at hand, has the image, and has kept what its first start left there. */
  restart(into: Float64Array): void {
    const restart = this.restarts++;
    const { restarting } = this;
    for (let phase = 0; phase < restarting.length; phase++) {
      into[phase] = restarting[phase].sample(this.random.of(restart, restartAspect + phase));
    }
  }

  /** Seconds until a replica of the warm pool is ready. */
  fromWarm(state: WarmState): number {
    return this.resuming[state].sample(this.random.of(this.resumptions++, resumeAspect));
  }

  private nodeOf(start: number): Node {
    let left = this.random.of(start, nodeAspect).uniform() * this.weightOfAll;
    return (
      this.nodes.find(({ weight }) => {
        left -= weight;
        return left < 0;
      }) ?? this.nodes[this.nodes.length - 1]
    );
  }
}
