import { codes } from "../client/codes.ts";
import type { Chain, Lookup, Path, PathStage, Step } from "../client/path.ts";
import type { EmbeddingMeter, Leaf, Node, Retriever } from "../client/pipeline/node.ts";
import { failures, retryLoopSettings } from "../client/retry/retry-settings.ts";
import { createDistribution } from "../kernel/distributions/registry.ts";
import { none } from "../traffic/requests.ts";
import type { Target } from "../traffic/target.ts";
import { askedTargets } from "./clients.ts";
import { chainOf, targetsOfStep } from "./path/chain.ts";
import { entryNames, type Part, partsOf, stageNames } from "./path/parts.ts";
import { cannedServer } from "./path/stage-settings.ts";
import type { Scenario, TrafficClass } from "./schema.ts";

/** What a path may lead to, by name. */
export interface Servers {
  readonly caches: Readonly<Record<string, Lookup>>;
  readonly targets: Readonly<Record<string, Target>>;
  readonly stores: Readonly<Record<string, Retriever>>;
  /** By semantic cache that has its embeddings from somewhere that is never short of capacity. */
  readonly embeddings: Readonly<Record<string, EmbeddingMeter>>;
  /** Names of all that can serve a request; positions in it are what is recorded. */
  readonly names: readonly string[];
}

/** @param outstanding attempts that all classes wait for, by server number; undefined where nothing spills over by it */
export function wirePath(traffic: TrafficClass, scenario: Scenario, servers: Servers, outstanding: Int32Array | undefined): Path {
  const { targets, names } = servers;
  const asked = askedTargets(traffic);
  const numberOf = (name: string): number => names.indexOf(name);
  const ofRungs = Object.values(traffic.client.degrade).flatMap(({ first }) => (first === undefined ? [] : [{ first, on: failures }]));
  const { stages, nodes } = new StageWiring(traffic, scenario, servers);
  return {
    stages,
    nodes,
    targets: asked.map((name) => targets[name]),
    targetNumbers: asked.map(numberOf),
    cannedNumber: names.includes(cannedServer) ? numberOf(cannedServer) : none,
    chains: [chainOf(traffic.path), ...ofRungs].map(({ first, on }): Chain => ({
      steps: first.map((step) => stepOf(step, asked)),
      goesOn: codes(on),
    })),
    outstanding,
  };
}

function stepOf(step: ReturnType<typeof chainOf>["first"][number], asked: readonly string[]): Step {
  const targets = targetsOfStep(step).map((name) => asked.indexOf(name));
  const { outstanding = Infinity, inputTokens = Infinity } = typeof step !== "string" && "target" in step ? step.spillOver : {};
  const shares = typeof step !== "string" && "split" in step ? Object.values(step.split) : [1];
  let sum = 0;
  const upTo = shares.map((share) => (sum += share));
  // What rounding leaves of the last share is its own.
  upTo[upTo.length - 1] = 1;
  return { targets, upTo, mostOutstanding: outstanding, longestPrompt: inputTokens };
}

const once = retryLoopSettings.parse({ attempts: 1 });

/** A look-up is tried once, and whatever goes wrong with it is a miss. */
const partOfLookup = { slot: none, timeout: Infinity, goesOnWithout: false, retry: once, breaker: undefined, promptTokens: 0 };

/** Makes the stages before the targets of one class. */
class StageWiring {
  readonly nodes: Node[] = [];
  readonly stages: readonly PathStage[];
  private readonly slots: readonly string[];
  private readonly scenario: Scenario;
  private readonly servers: Servers;

  constructor(traffic: TrafficClass, scenario: Scenario, servers: Servers) {
    this.scenario = scenario;
    this.servers = servers;
    this.slots = stageNames(traffic, scenario);
    const entries = entryNames(traffic.path);
    this.stages = partsOf(traffic, scenario).map((part, i) => this.stage(part, entries[i]));
  }

  private stage(part: Part, name: string | undefined): PathStage {
    if (part.kind !== "cache") return { name, work: this.work(part), gives: this.bits(part) };
    const { caches, names } = this.servers;
    const cache = { lookup: caches[part.name], number: names.indexOf(part.name), slot: this.slots.indexOf(part.name) };
    return { name, cache, work: this.lookup(part.name), gives: 0 };
  }

  /** One bit for each of its stages. */
  private bits(part: Part): number {
    return "parts" in part ? part.parts.reduce((bits, one) => bits | this.bits(one), 0) : 1 << this.slots.indexOf(part.name);
  }

  private work(part: Part): number {
    if ("parts" in part) return this.add({ kind: part.kind, parts: part.parts.map((one) => this.work(one)), timeout: Infinity });
    const slot = this.slots.indexOf(part.name);
    const given = part.kind === "call" ? part.call : this.scenario.vectorStores[part.name];
    const { timeout = Infinity, onFailure, retry, breaker, promptTokens } = given;
    const goesOnWithout = onFailure === "answerWithout";
    const deed = part.kind === "call" ? this.call(part.call) : ({ kind: "read", store: this.servers.stores[part.name] } as const);
    return this.add({ kind: "leaf", name: part.name, slot, deed, timeout, goesOnWithout, retry, breaker, promptTokens });
  }

  private call({ call, inputTokens, outputTokens }: Extract<Part, { kind: "call" }>["call"]): Leaf["deed"] {
    const input = inputTokens && createDistribution(inputTokens);
    const output = outputTokens && createDistribution(outputTokens);
    return { kind: "call", target: this.servers.targets[call], input, output };
  }

  /** What a semantic cache does before it decides: it embeds the question and reads its store. */
  private lookup(name: string): number {
    const cache = this.scenario.caches[name];
    if (cache.kind !== "semantic") return none;
    const { embedding, store, timeout = Infinity } = cache;
    const { stores, targets, embeddings } = this.servers;
    const embed: Leaf["deed"] =
      typeof embedding === "string"
        ? { kind: "call", target: targets[embedding], input: undefined, output: undefined }
        : { kind: "embed", latency: createDistribution(embedding.latency), meter: embeddings[name] };
    const parts = [
      this.add({ kind: "leaf", name: `${name}.embedding`, deed: embed, ...partOfLookup }),
      this.add({ kind: "leaf", name: `${name}.store`, deed: { kind: "read", store: stores[store] }, ...partOfLookup }),
    ];
    return this.add({ kind: "sequence", parts, timeout });
  }

  private add(node: Node): number {
    return this.nodes.push(node) - 1;
  }
}
