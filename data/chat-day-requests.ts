import { createDistribution } from "../src/kernel/distributions/registry.ts";
import { normalQuantile } from "../src/kernel/normal.ts";
import { type RandomSource, Streams } from "../src/kernel/random.ts";
import { type ChatClient, chatClients, sum } from "./chat-day-clients.ts";
import type { ChatDay } from "./chat-day-settings.ts";

const minutes = 24 * 60;

/** The day's requests in order of arrival. */
export interface ChatRequests {
  /** Milliseconds since midnight. */
  readonly milliseconds: readonly number[];
  /** Position in `clients`. */
  readonly client: readonly number[];
  readonly clients: readonly ChatClient[];
  readonly inputTokens: readonly number[];
  readonly outputTokens: readonly number[];
}

/** Draws the day: the same settings give the same requests. */
export function chatRequests(settings: ChatDay): ChatRequests {
  const streams = new Streams(settings.seed, 0);
  const clients = chatClients(settings, streams.sequence("clients"));
  const service = swings(settings.swings.service, streams.sequence("service"));
  const arrivals = clients.flatMap((client, number) => {
    const own = swings(settings.swings.client, streams.sequence(`client.${number}.swings`));
    const shape = service.map((swing, minute) => profileAt(minute, settings.hourProfile) * swing * own[minute]);
    const expected = settings.requests * client.share;
    const perMinute = shape.map((value) => (value * expected) / sum(shape));
    return clientArrivals(client, perMinute, streams.sequence(`client.${number}.gaps`)).map((moment) => ({ moment, number }));
  });
  arrivals.sort((a, b) => a.moment - b.moment || a.number - b.number);

  const tokens = tokenPairs(settings, streams.sequence("tokens"));
  const pairs = arrivals.map(tokens);
  return {
    milliseconds: arrivals.map(({ moment }) => moment),
    client: arrivals.map(({ number }) => number),
    clients,
    inputTokens: pairs.map(([input]) => input),
    outputTokens: pairs.map(([, output]) => output),
  };
}

/** A client's arrivals, in milliseconds: a renewal process that runs faster and slower as the expected count of each minute tells. */
function clientArrivals({ cv, law }: ChatClient, perMinute: readonly number[], random: RandomSource): number[] {
  const gaps = createDistribution({ [law]: { mean: 1, cv } });
  const arrivals: number[] = [];
  // It has been going on for a while at midnight, so that the day does not begin with a burst of every client.
  let expected = -100;
  let minute = 0;
  let before = 0;
  for (;;) {
    expected += gaps.sample(random);
    while (minute < minutes && before + perMinute[minute] <= expected) before += perMinute[minute++];
    if (minute === minutes) return arrivals;
    if (expected >= 0) arrivals.push(Math.floor((minute + (expected - before) / perMinute[minute]) * 60_000));
  }
}

/** The hour profile in the middle of a minute, straight between the middles of the hours. */
function profileAt(minute: number, profile: readonly number[]): number {
  const hours = (minute + 0.5) / 60 - 0.5;
  const hour = Math.floor(hours);
  const [from, to] = [profile.at(hour % 24)!, profile[(hour + 1) % 24]];
  return from + (hours - hour) * (to - from);
}

/** Factors of mean 1 for each minute whose logarithms are normal and forget with `memory`: an Ornstein-Uhlenbeck process. */
function swings({ deviation, memory }: { readonly deviation: number; readonly memory: number }, random: RandomSource): number[] {
  const kept = Math.exp(-60 / memory);
  let level = normalQuantile(random.uniform());
  return Array.from({ length: minutes }, () => {
    level = kept * level + Math.sqrt(1 - kept * kept) * normalQuantile(random.uniform());
    return Math.exp(deviation * level - (deviation * deviation) / 2);
  });
}

/** Draws a request's input and output tokens: lognormal, and correlated through the normals beneath. */
function tokenPairs(
  { inputTokens: input, outputTokens: output, normalCorrelation: rho }: ChatDay,
  random: RandomSource,
): () => [number, number] {
  const tokens = ({ mu, sigma, max }: { mu: number; sigma: number; max: number }, z: number) =>
    Math.min(max, Math.max(1, Math.round(Math.exp(mu + sigma * z))));
  return () => {
    const z = normalQuantile(random.uniform());
    const other = normalQuantile(random.uniform());
    return [tokens(input, z), tokens(output, rho * z + Math.sqrt(1 - rho * rho) * other)];
  };
}
