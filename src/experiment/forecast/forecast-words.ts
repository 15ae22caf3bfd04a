import { dollars } from "../../base/format.ts";
import { dollarsWithInterval } from "../interval-text.ts";
import type { Breaking, Course, ForecastResult } from "../forecast-result.ts";
import type { Point } from "../result.ts";

/**
 * When it breaks, what it costs, and what would hold then.
 * @param varied whether plans were given to choose from
 */
export function forecastSentences(found: ForecastResult, points: readonly Point[], varied: boolean): string[] {
  const { courses } = found;
  const texts = courses.map((course) => breakText(course, found.months, points));
  const breaks = courses.length === 1 ? texts[0] : courses.map(({ demand }, i) => `with ${demand} growth ${texts[i]}`).join("; ");
  return [sentence(breaks), ...costSentences(found, points), ...nextSentences(found, varied)];
}

/** "chat ttft p95 < 2s breaks in month 7 (of 12), and is no longer sure from month 6 on". */
function breakText({ unsure, missed, monthly }: Course, months: number, points: readonly Point[]): string {
  if (unsure === null) {
    const own = monthly.map(({ point }) => points[point]);
    if (own.every(({ verdict }) => verdict === "met")) return `the SLO is surely met in all ${months} months`;
    const onRequests = Object.values(own[0].classes).some(({ objectives }) => objectives.some(({ kind }) => kind !== "cost"));
    return onRequests ? `every objective on requests is surely met in all ${months} months` : "no objective is on requests";
  }
  if (missed === null) return `${named(unsure)} is no longer sure from month ${unsure.month} (of ${months}) on, but surely missed in none`;
  const same = missed.month === unsure.month;
  if (same) return `${named(missed)} breaks in month ${missed.month} (of ${months})${missed.month === 0 ? ", as it stands" : ""}`;
  const which = missed.text === unsure.text && missed.className === unsure.className ? "it is" : `${named(unsure)} is`;
  return `${named(missed)} breaks in month ${missed.month} (of ${months}); from month ${unsure.month} on ${which} no longer sure`;
}

function named({ className, text }: Breaking): string {
  return `${className} ${text}`;
}

function costSentences({ courses, months, planned }: ForecastResult, points: readonly Point[]): string[] {
  const { monthly, usd_total, costMissed, demand } = courses[planned];
  const [now, then] = [monthly[0], monthly[months]].map(({ point }) => points[point].cost.usd_per_month);
  if (now.mean === 0 && then.mean === 0) return [];
  const of = demand === null ? "" : ` with ${demand} growth`;
  const over = costMissed === null ? "" : `; ${named(costMissed)} breaks in month ${costMissed.month}`;
  const course = `It costs ${dollars(now.mean)} a month now and ${dollars(then.mean)} in month ${months}${of}, ${dollarsWithInterval(usd_total)} in the ${months} months together${over}.`;
  return [course];
}

function nextSentences({ courses, planned, binding, next, noNext, months }: ForecastResult, varied: boolean): string[] {
  const { unsure } = courses[planned];
  if (unsure === null) return [];
  const want = binding === null ? "" : `What there is too little of then is ${binding}. `;
  const more = varied ? "" : "; --vary gives more to choose from";
  if (next === null) return [`${want}There is no plan to take from month ${unsure.month} on: ${noNext}${more}.`];
  const { name, month, usd_per_month, holdsUntil, tried } = next;
  const cheapest = varied ? `the cheapest of ${tried} plans that holds` : "the least that holds";
  const cost = usd_per_month.mean === 0 ? "" : `, at ${dollarsWithInterval(usd_per_month)} a month`;
  const until = holdsUntil === months ? `to month ${months}, the last` : `until month ${holdsUntil}`;
  return [`${want}From month ${month} on ${cheapest} is ${name}${cost}, ${until}${more}.`];
}

/** Names of classes stand as they are written also at the beginning. */
function sentence(text: string): string {
  return `${text.replace(/^(the|with|every|no) /, (word) => word[0].toUpperCase() + word.slice(1))}.`;
}
