import { Streams } from "../../src/kernel/random.ts";
import { Simulation } from "../../src/kernel/simulation.ts";
import { Provider } from "../../src/provider/provider.ts";
import { providerSettings } from "../../src/provider/provider-settings.ts";
import { Quota } from "../../src/provider/quota.ts";
import { Attempts } from "../../src/traffic/attempts.ts";

export interface SentCall {
  readonly ordinal?: number;
  readonly turn?: number;
  readonly at?: number;
  readonly input?: number;
  readonly output?: number;
  readonly maxOutput?: number;
  /** Key and tokens of each segment of its prefix, and how much of them the prompt begins with: all unless given. */
  readonly chain?: readonly (readonly [key: number, tokens: number])[];
  readonly prefixTokens?: number;
  /** When its client leaves. */
  readonly leavesAt?: number;
  readonly rebilled?: boolean;
}

export const model = { inputPerMillion: "$1", outputPerMillion: "$2" };
export const fixed = { ttft: { constant: "400ms" }, tpot: { constant: "10ms" } };

/** How the calls to a provider ended; `order` holds their positions in the order in which they did. */
interface Ended {
  readonly results: { firstTokenAt: number; endedAt: number; ending: string; retryAfter: number; billed: number }[];
  readonly order: number[];
  readonly provider: Provider;
  readonly attempts: Attempts;
}

/** Sends the calls to a provider, at 100 tokens in and 50 out unless they say otherwise, and tells what came of each. */
export function callAll(settings: Record<string, unknown>, calls: readonly SentCall[], until = 1e6): Ended {
  return callEach({ api: settings }, { api: calls }, until)["api"];
}

/** Several providers in one simulation. */
export function callEach<Name extends string>(
  providers: Record<Name, Record<string, unknown>>,
  calls: Record<Name, readonly SentCall[]>,
  until = 1e6,
): Record<Name, Ended> {
  const simulation = new Simulation();
  const attempts = new Attempts();
  const streams = new Streams(4, 0);
  const names = Object.keys(providers) as Name[];
  const ended = names.map((name) => [name, start(name, simulation, attempts, streams, providers[name], calls[name])] as const);
  simulation.run(until);
  return Object.fromEntries(ended) as Record<Name, Ended>;
}

function start(
  name: string,
  simulation: Simulation,
  attempts: Attempts,
  streams: Streams,
  settings: Record<string, unknown>,
  calls: readonly SentCall[],
): Ended {
  const results = calls.map(() => ({ firstTokenAt: NaN, endedAt: NaN, ending: "open", retryAfter: NaN, billed: NaN }));
  const order: number[] = [];
  const given = providerSettings.parse({ model, latency: fixed, ...settings });
  const measurement = { warmup: 0, horizon: 1000, window: 10 };
  const quota = given.limits && new Quota(given.limits, { stream: `providers.${name}.limits`, simulation, streams });
  const provider = new Provider(name, simulation, attempts, given, quota, streams, measurement, {
    spends: () => {},
    firstToken: (attempt) => (results[attempts.request[attempt]].firstTokenAt = simulation.now),
    ended(attempt, ending, retryAfter) {
      const call = attempts.request[attempt];
      Object.assign(results[call], { endedAt: simulation.now, ending, retryAfter, billed: attempts.billed[attempt] });
      order.push(call);
      attempts.close(attempt);
    },
  });
  const leave = simulation.handler((attempt, serial) => {
    if (attempts.serial[attempt] !== serial) return;
    attempts.abandoned[attempt] = 1;
    provider.abandon();
  });
  const send = simulation.handler((index) => {
    const { ordinal = index, turn = 0, input = 100, output = 50, maxOutput = Infinity, leavesAt, rebilled = false } = calls[index];
    const attempt = attempts.open(index, ordinal, 0, turn, input, output);
    attempts.maxOutput[attempt] = maxOutput;
    attempts.rebilled[attempt] = Number(rebilled);
    begin(attempts, attempt, calls[index]);
    if (leavesAt !== undefined) simulation.at(leavesAt, leave, attempt, attempts.serial[attempt]);
    provider.send(attempt);
  });
  calls.forEach(({ at = 0 }, index) => simulation.at(at, send, index));
  return { results, order, provider, attempts };
}

/** Gives an attempt the prefix of a call. */
export function begin(attempts: Attempts, attempt: number, { chain, prefixTokens }: SentCall): void {
  if (chain === undefined) return;
  attempts.prefix[attempt] = attempts.prefixes.add();
  for (const [key, tokens] of chain) attempts.prefixes.extend(key, tokens);
  attempts.prefixTokens[attempt] = prefixTokens ?? chain.reduce((sum, [, tokens]) => sum + tokens, 0);
}
