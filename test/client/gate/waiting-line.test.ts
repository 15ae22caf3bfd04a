import * as fc from "fast-check";
import { expect, it } from "vitest";
import { WaitingLine } from "../../../src/client/gate/waiting-line.ts";
import { none, Requests } from "../../../src/traffic/requests.ts";

it("a line has the head that a list has from whose middle members leave, however long it grows", () => {
  const step = fc.oneof(
    { weight: 3, arbitrary: fc.constant("join" as const) },
    { weight: 2, arbitrary: fc.constant("head" as const) },
    fc.nat(99),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200, size: "max" }), (steps) => {
      const requests = new Requests();
      const line = new WaitingLine(requests);
      const heads: unknown[] = [];
      const expected: unknown[] = [];
      const list: { request: number; tokens: number }[] = [];
      steps.forEach((what, ticket) => {
        if (what === "join") {
          const request = requests.open(0, 0, 1, 1);
          requests.ticket[request] = ticket;
          line.join(request, ticket / 2);
          list.push({ request, tokens: ticket / 2 });
        } else if (list.length > 0) {
          const [{ request }] = list.splice(what === "head" ? 0 : what % list.length, 1);
          requests.ticket[request] = none;
          requests.close(request);
        }
        heads.push(line.occupied ? { request: line.head, tokens: line.headTokens } : undefined);
        expected.push(list[0]);
      });
      expect(heads).toEqual(expected);
    }),
    { numRuns: 300 },
  );
});
