import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LineLinks } from "../../../src/serving/admission/line-links.ts";
import { FifoLine } from "../../../src/serving/admission/orders/fifo.ts";
import { Attempts } from "../../../src/traffic/attempts.ts";
import { none } from "../../../src/traffic/requests.ts";

function inOrder(line: FifoLine, links: LineLinks): number[] {
  const order = [];
  for (let attempt = line.head; attempt !== none; attempt = links.behind[attempt]!) order.push(attempt);
  return order;
}

describe("a waiting line", () => {
  it("is a list that anyone may join at either end and leave from anywhere, also beside others on the same links", () => {
    const step = fc.record({ line: fc.nat(1), action: fc.constantFrom("join", "joinAtHead", "leave"), pick: fc.nat() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
        const links = new LineLinks(new Attempts());
        links.resize(16);
        const lines = [new FifoLine(links), new FifoLine(links)];
        const models: number[][] = [[], []];
        steps.forEach(({ line: which, action, pick }, attempt) => {
          const [line, model] = [lines[which], models[which]];
          if (attempt >= 16 && links.ahead.length <= attempt) links.resize(2 * links.ahead.length);
          if (action === "join") {
            line.join(attempt);
            model.push(attempt);
          } else if (action === "joinAtHead") {
            line.joinAtHead(attempt);
            model.unshift(attempt);
          } else if (model.length > 0) line.leave(model.splice(pick % model.length, 1)[0]);
          expect(lines.map((one) => inOrder(one, links))).toEqual(models);
          expect(lines.map(({ length }) => length)).toEqual(models.map(({ length }) => length));
        });
      }),
    );
  });
});
