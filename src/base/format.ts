/**
 * Numbers as a planner reads them: `$12,340`, `99.42 %`, `1.24 s`. Written by hand rather than by the locale, so that the same
 * result gives the same bytes on every machine. What is absent or not a number is a dash.
 */

export const absent = "–";
const minus = "−";

/** Digits grouped by thousands with a comma; `decimals` places, default 0. */
export function thousands(value: number, decimals = 0): string {
  if (!Number.isFinite(value)) return absent;
  const [whole, fraction] = Math.abs(value).toFixed(decimals).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  const text = fraction === undefined ? grouped : `${grouped}.${fraction}`;
  return value < 0 && Number(text.replaceAll(",", "")) !== 0 ? `${minus}${text}` : text;
}

/** A count or a mean of counts: whole from 100 on, one decimal below unless it is whole, two below one. */
export function amount(value: number): string {
  if (Number.isInteger(value) || Math.abs(value) >= 100) return thousands(value);
  return thousands(value, Math.abs(value) >= 1 ? 1 : 2);
}

/** A large count for a cell: `940`, `12.3k`, `1.20M`, `3.42B`. */
export function shortAmount(value: number): string {
  const size = Math.abs(value);
  const sign = value < 0 ? minus : "";
  if (size >= 999.5e6) return `${sign}${thousands(size / 1e9, 2)}B`;
  if (size >= 999_500) return `${sign}${(size / 1e6).toFixed(2)}M`;
  if (size >= 9_995) return `${sign}${(size / 1e3).toFixed(1)}k`;
  return amount(value);
}

/** Dollars: whole from $100 on, cents below, three significant digits below a dollar. */
export function dollars(value: number): string {
  if (!Number.isFinite(value)) return absent;
  const size = Math.abs(value);
  const sign = value < 0 ? minus : "";
  if (size === 0) return "$0";
  if (size < 1) return `${sign}$${decimal(size, 3)}`;
  return `${sign}$${thousands(size, size < 99.995 ? 2 : 0)}`;
}

/** Dollars for a cell or an axis: `$940`, `$12.3k`, `$1.20M`. */
export function shortDollars(value: number): string {
  const size = Math.abs(value);
  const sign = value < 0 ? minus : "";
  if (size >= 999_500) return `${sign}$${(size / 1e6).toFixed(2)}M`;
  if (size >= 9_995) return `${sign}$${(size / 1e3).toFixed(1)}k`;
  return dollars(value);
}

/** A share of 0 to 1 in percent. What is not quite everything, or not quite nothing, is never rounded to it. */
export function percent(share: number, decimals = 2): string {
  if (!Number.isFinite(share)) return absent;
  const step = Number(`1e-${decimals}`);
  if (share < 1 && share * 100 >= 100 - step / 2) return `>${(100 - step).toFixed(decimals)} %`;
  if (share > 0 && share * 100 < step / 2) return `<${step.toFixed(decimals)} %`;
  return `${thousands(share * 100, decimals)} %`;
}

/** A target as the user thinks of it, without needless decimals: `95 %`, `99.5 %`. */
export function target(share: number): string {
  return `${Number((share * 100).toPrecision(10))} %`;
}

/** Seconds in the unit that reads best, three significant digits: `820 ms`, `1.24 s`, `12 m 30 s`, `3 h 5 m`. */
export function seconds(value: number): string {
  if (!Number.isFinite(value)) return absent;
  if (value < 0) return `${minus}${seconds(-value)}`;
  if (value === 0) return "0 s";
  if (value < 0.9995) return `${decimal(value * 1e3, 3)} ms`;
  if (value < 119.5) return `${decimal(value, 3)} s`;
  if (value < 3599.5) return pair(Math.round(value), 60, "m", "s");
  if (value < 172_770) return pair(Math.round(value / 60), 60, "h", "m");
  return pair(Math.round(value / 3600), 24, "d", "h");
}

/** Seconds as a coefficient is written, in ms, us or ns with so many significant digits: `13.17ms`, `0.05878us`; a scenario reads it. */
export function shortDuration(value: number, digits: number): string {
  const size = Math.abs(value);
  const [scale, unit] = size >= 1e-3 || size === 0 ? [1e3, "ms"] : size >= 1e-8 ? [1e6, "us"] : [1e9, "ns"];
  return `${Number((value * scale).toPrecision(digits))}${unit}`;
}

/** A moment of the run as hours and minutes since its start, with days when the run is longer than two: `09:15`, `day 3 09:15`. */
export function moment(at_s: number, horizon_s: number): string {
  const minutes = Math.round(at_s / 60);
  const clock = (total: number) => `${String(Math.floor(total / 60)).padStart(2, "0")}:${String(total % 60).padStart(2, "0")}`;
  return horizon_s > 2 * 86_400 ? `day ${Math.floor(minutes / 1440) + 1} ${clock(minutes % 1440)}` : clock(minutes);
}

/** A number with its sign, for differences: `+1.2`, `−0.4`, `0`. What is rounded to nothing has none. */
export function signed(value: number, print: (value: number) => string): string {
  if (!Number.isFinite(value)) return absent;
  const text = print(Math.abs(value));
  return text === print(0) ? text : `${value > 0 ? "+" : minus}${text}`;
}

/** "1 plan", "3 plans". */
export function plural(count: number, noun: string): string {
  return `${thousands(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** Spaces, but for those between a number and its unit. */
const breaks = /(?<!\d) | (?!(?:ms|s|m|h|d|%)(?![a-z0-9]))/;

/** The text on as many lines as it takes, none longer than `characters` unless a single word is. A number stays with its unit. */
export function wrapped(text: string, characters: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(breaks)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= characters) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

function decimal(value: number, digits: number): string {
  const magnitude = Number(value.toExponential().split("e")[1]);
  const places = Math.max(0, digits - 1 - magnitude);
  const text = value.toFixed(Math.min(places, 12));
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

function pair(total: number, base: number, large: string, small: string): string {
  const rest = total % base;
  return rest === 0 ? `${total / base} ${large}` : `${Math.floor(total / base)} ${large} ${rest} ${small}`;
}
