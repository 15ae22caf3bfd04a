import { normalQuantile } from "../src/kernel/normal.ts";
import type { ChatRequests } from "./chat-day-requests.ts";
import { chatDay } from "./chat-day-settings.ts";
import { correlation, countsPerWindow, dispersion, gapCv, peakToMean, rateSwing, spread } from "./traffic-statistics.ts";

/** A statistic of the day. */
export interface Statistic {
  readonly name: string;
  readonly value: number;
  /** What the day is made to have; the test wants it within `within` of it, as a share of it. */
  readonly aim?: number;
  readonly within?: number;
  /** What real traffic has, and which. */
  readonly real?: number;
  readonly source?: string;
  readonly digits?: number;
}

const azure = "Azure conversation, one hour";
const serveGen = "ServeGen m-small, 14 days";

/** Every statistic of the day, in the order of the table. */
export function statistics(requests: ChatRequests): Statistic[] {
  const times = Float64Array.from(requests.milliseconds, (moment) => (moment - requests.milliseconds[0]) / 1000);
  const { inputTokens, outputTokens } = requests;
  const paired = correlation(inputTokens, outputTokens);
  return [
    { name: "requests", value: times.length, aim: chatDay.requests, within: 0.02, digits: 0 },
    { name: "mean requests per second", value: times.length / 86_400, aim: chatDay.requests / 86_400, within: 0.02 },
    ...arrivalStatistics(times),
    ...hourStatistics(requests),
    ...clientStatistics(requests),
    ...tokenStatistics("input", inputTokens, chatDay.inputTokens, { mean: 1155, p50: 1020, p90: 2735, p99: 4142, max: 14_050 }),
    ...tokenStatistics("output", outputTokens, chatDay.outputTokens, { mean: 211, p50: 129, p90: 424, p99: 601, max: 1000 }),
    { name: "correlation of input and output tokens", value: paired, aim: -0.112, within: 0.1, real: -0.112, source: azure, digits: 3 },
  ];
}

function arrivalStatistics(times: Float64Array): Statistic[] {
  const swing = { source: azure, digits: 3 };
  return [
    { name: "peak / mean, 1 s", value: peakToMean(times, 1), real: 2.89, source: azure },
    { name: "peak / mean, 60 s", value: peakToMean(times, 60), aim: 2.5, within: 0.2, real: 1.52, source: azure },
    { name: "peak / mean, 600 s", value: peakToMean(times, 600), aim: 1.9, within: 0.2, real: 3.24, source: serveGen },
    { name: "index of dispersion, 1 s", value: dispersion(times, 1), real: 1.39, source: azure },
    { name: "index of dispersion, 60 s", value: dispersion(times, 60), real: 16.1, source: azure },
    { name: "index of dispersion, 600 s", value: dispersion(times, 600), real: 80, source: azure },
    { name: "swing of a minute's rate within the hour", value: rateSwing(times, 60), aim: 0.213, within: 0.15, real: 0.213, ...swing },
    { name: "swing of ten minutes' rate within the hour", value: rateSwing(times, 600), aim: 0.151, within: 0.25, real: 0.151, ...swing },
    { name: "coefficient of variation of all gaps", value: gapCv(times), real: 1.09, source: azure },
  ];
}

function hourStatistics({ milliseconds }: ChatRequests): Statistic[] {
  const sinceMidnight = Float64Array.from([...milliseconds, 86_400_000], (moment) => moment / 1000);
  const likeness = correlation(countsPerWindow(sinceMidnight, 3600), chatDay.hourProfile);
  return [{ name: "correlation of the hours' counts with the hour profile", value: likeness, aim: 1, within: 0.15, source: serveGen }];
}

function clientStatistics({ client, clients }: ChatRequests): Statistic[] {
  const counts = clients.map(() => 0);
  for (const number of client) counts[number]++;
  const largest = counts.sort((a, b) => b - a).slice(0, 10);
  const topTen = largest.reduce((sum, count) => sum + count, 0) / client.length;
  const cv = spread(clients.map((each) => each.cv));
  const aimed = (percentile: "p50" | "p90" | "p99", within: number): Statistic => {
    const real = chatDay.clients.cv[percentile];
    return {
      name: `coefficient of variation of a client's gaps, ${percentile}`,
      value: cv[percentile],
      aim: real,
      within,
      real,
      source: serveGen,
    };
  };
  return [
    { name: "clients", value: clients.length, aim: 43, within: 0, real: 43, source: serveGen, digits: 0 },
    { name: "share of the ten largest clients", value: topTen, aim: 0.93, within: 0.02, real: 0.93, source: serveGen },
    aimed("p50", 0.05),
    aimed("p90", 0.1),
    aimed("p99", 0.1),
  ];
}

type Law = { readonly mu: number; readonly sigma: number; readonly max: number };

function tokenStatistics(name: string, tokens: readonly number[], { mu, sigma, max }: Law, real: ReturnType<typeof spread>): Statistic[] {
  const found = spread(tokens);
  const quantile = (p: number) => Math.min(max, Math.exp(mu + sigma * normalQuantile(p)));
  const aims = { mean: Math.exp(mu + sigma ** 2 / 2), p50: quantile(0.5), p90: quantile(0.9), p99: quantile(0.99), max };
  return (["mean", "p50", "p90", "p99", "max"] as const).map((part) => ({
    name: `${name} tokens, ${part}`,
    value: found[part],
    aim: aims[part],
    within: 0.04,
    real: real[part],
    source: azure,
    digits: 0,
  }));
}

/** The statistics as a table in Markdown. */
export function statisticsTable(requests: ChatRequests): string {
  const rows = statistics(requests).map(({ name, value, aim, real, source, digits = 2 }) => {
    const shown = (number: number | undefined) =>
      number === undefined ? "" : number.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
    return `| ${name} | ${shown(value)} | ${shown(aim)} | ${shown(real)} | ${source ?? ""} |`;
  });
  return ["| statistic | chat-day.csv | aimed at | real traffic | which |", "|---|---:|---:|---:|---|", ...rows].join("\n");
}
