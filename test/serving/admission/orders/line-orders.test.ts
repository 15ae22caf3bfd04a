import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LineLinks } from "../../../../src/serving/admission/line-links.ts";
import { lineOrderNames, lineOrders } from "../../../../src/serving/admission/orders/registry.ts";
import type { WaitingLine } from "../../../../src/serving/admission/waiting-line.ts";
import { none } from "../../../../src/traffic/requests.ts";
import { drained, linksOf, tell, type Told, told } from "./line-driver.ts";

/** What an order sorts by, smallest first, of what was known at joining; then those who joined first come first. */
const keys: Readonly<Record<keyof typeof lineOrders, (known: Told, joined: number) => number>> = {
  fifo: () => 0,
  lifo: (_, joined) => -joined,
  priority: ({ priority }) => priority,
  shortestPromptFirst: ({ inputTokens }) => inputTokens,
};

interface Waiting {
  readonly attempt: number;
  readonly key: number;
  readonly rank: number;
}

/** A line as a list that is sorted anew whenever someone joins. */
class PlainLine {
  readonly list: Waiting[] = [];

  insert(one: Waiting): void {
    this.list.push(one);
    this.list.sort((a, b) => (a.key === b.key ? a.rank - b.rank : a.key < b.key ? -1 : 1));
  }

  get attempts(): number[] {
    return this.list.map(({ attempt }) => attempt);
  }
}

const population = 48;

const step = fc.record({
  line: fc.nat(2),
  action: fc.constantFrom("join", "join", "join", "joinAtHead", "leave", "serve"),
  pick: fc.nat(),
  told,
  grows: fc.boolean(),
});

describe.each(lineOrderNames)("a line of order %s", (name) => {
  const create = (links: LineLinks): WaitingLine => lineOrders[name].create(links);

  it("is the list that its rule says, whoever joins, leaves from anywhere or goes before all, also beside others on the same links", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120, size: "max" }), (steps) => {
        const links = linksOf([]);
        links.resize(population);
        const { attempts } = links;
        const lines = [create(links), create(links), create(links)];
        const plain = lines.map(() => new PlainLine());
        const free = Array.from({ length: population }, (_, attempt) => attempt);
        steps.forEach((now, rank) => {
          const [line, model] = [lines[now.line], plain[now.line]];
          const joins = now.action === "join" || now.action === "joinAtHead";
          if (now.grows) links.resize(links.ahead.length + 1);
          if (joins && free.length > 0) {
            const [attempt] = free.splice(now.pick % free.length, 1);
            tell(attempts, attempt, now.told);
            if (now.action === "join") {
              line.join(attempt);
              model.insert({ attempt, key: keys[name](now.told, rank), rank });
            } else {
              line.joinAtHead(attempt);
              model.insert({ attempt, key: -Infinity, rank: -rank });
            }
            // What is known of it later does not move it.
            tell(attempts, attempt, { priority: now.pick % 3, inputTokens: 1 + (now.pick % 5) });
          } else if (!joins && model.list.length > 0) {
            const place = now.action === "serve" ? 0 : now.pick % model.list.length;
            const [{ attempt }] = model.list.splice(place, 1);
            line.leave(attempt);
            free.push(attempt);
          }
          expect(lines.map(({ head }) => head)).toEqual(plain.map((one) => one.attempts[0] ?? none));
          expect(lines.map(({ length }) => length)).toEqual(plain.map(({ list }) => list.length));
        });
        expect(lines.map(drained)).toEqual(plain.map((one) => one.attempts));
        expect(lines.map(({ head, length }) => [head, length])).toEqual(lines.map(() => [none, 0]));
      }),
    );
  });

  it("puts whoever joins at the head before all, the last such first, and nobody who joins later before them", () => {
    fc.assert(
      fc.property(fc.array(told, { minLength: 6, maxLength: 20 }), (all) => {
        const line = create(linksOf(all));
        all.forEach((_, attempt) => (attempt === 1 || attempt === 3 ? line.joinAtHead(attempt) : line.join(attempt)));
        expect(drained(line).slice(0, 2)).toEqual([3, 1]);
      }),
    );
  });
});
