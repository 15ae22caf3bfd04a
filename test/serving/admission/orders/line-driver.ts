import * as fc from "fast-check";
import { LineLinks } from "../../../../src/serving/admission/line-links.ts";
import type { LineOrder } from "../../../../src/serving/admission/orders/line-order.ts";
import type { WaitingLine } from "../../../../src/serving/admission/waiting-line.ts";
import { Attempts } from "../../../../src/traffic/attempts.ts";
import { priorities } from "../../../../src/traffic/priority.ts";
import { none } from "../../../../src/traffic/requests.ts";

/** What an order goes by, few enough of each that many are alike. */
export interface Told {
  readonly priority: number;
  readonly inputTokens: number;
}

export const told: fc.Arbitrary<Told> = fc.record({ priority: fc.nat(priorities.length - 1), inputTokens: fc.integer({ min: 1, max: 5 }) });

/** Links with attempts of which this is known, numbered in this order. */
export function linksOf(all: readonly Told[]): LineLinks {
  const attempts = new Attempts();
  const links = new LineLinks(attempts);
  links.resize(all.length);
  all.forEach((one, attempt) => tell(attempts, attempt, one));
  return links;
}

export function tell(attempts: Attempts, attempt: number, { priority, inputTokens }: Told): void {
  attempts.priority[attempt] = priority;
  attempts.inputTokens[attempt] = inputTokens;
}

/** Everybody in the order in which they are next. */
export function drained(line: WaitingLine): number[] {
  const order = [];
  while (line.head !== none) {
    order.push(line.head);
    line.leave(line.head);
  }
  return order;
}

/** The order in which attempts of which this is known are next, when they join one after the other. */
export function served(order: LineOrder, all: readonly Told[]): number[] {
  const line = order.create(linksOf(all));
  all.forEach((_, attempt) => line.join(attempt));
  return drained(line);
}
