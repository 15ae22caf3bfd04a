import { expect, it } from "vitest";
import { overflowing } from "../experiment/overflowing.ts";
import { scenarioOf } from "../experiment/systems.ts";

const withStore = (more: string) =>
  scenarioOf(overflowing, { vectorStores: `{ handbook: { concurrency: 8, read: { constant: 5ms }, vectors: 1e12, ${more} } }` });

it.each([
  ["writes: 10000000/s", "writes"],
  ["rebuild: { every: 1ms, lasts: 1ms }", "rebuild.every"],
  ["outages: { every: 1ms, lasts: 1ms }", "outages.every"],
  ["reembed: { at: 5m, rate: 10000000/s }", "reembed.rate"],
])("a store with %s would take for ever, and is refused", (more, path) => {
  expect(() => withStore(more)).toThrow(new RegExp(`vectorStores\\.handbook\\.${path}: would happen .* times in 10 m`));
});

it("what comes seldom enough is not refused", () => {
  expect(() => withStore("writes: 500000/s, rebuild: { every: 10ms, lasts: 1ms }, reembed: { at: 5m, rate: 1000000/s }")).not.toThrow();
});
