import { describe, expect, it } from "vitest";
import { PlanError } from "../../src/base/plan-error.ts";
import { decode, example } from "./example.ts";

const stores = `vectorStores:
  handbook: { concurrency: 8, read: { constant: 5ms } }
`;

/** Code, path, message and hint of what is wrong with the example, its path and vector stores replaced and more put behind it. */
function mistake(path: string, more = stores): string {
  try {
    decode(example.replace("[answers, { first: [gpus, hosted] }]", path) + more);
  } catch (error) {
    if (!(error instanceof PlanError)) throw error;
    return error.message
      .replace(/^plan\.yaml:\d+:\d+: /, "")
      .replaceAll(/\n +(\d+ \||\^).*/g, "")
      .replaceAll("\n  hint: ", "; ");
  }
  throw new Error("the scenario was decoded");
}

const store = (settings: string): string => `vectorStores: { handbook: { concurrency: 8, read: { constant: 5ms }, ${settings} } }\n`;

describe("stages before the targets", () => {
  it("may be anything that is there, side by side and within each other", () => {
    const more = `${stores}pipelines: { rag: [{ call: hosted, name: rewrite }, { parallel: [[{ call: gpus, name: embed }, handbook], tools] }], tools: [] }\n`;
    const { scenario } = decode(example.replace("[answers, ", "[answers, rag, { call: gpus, timeout: 300ms }, ") + more);
    expect(scenario.traffic["chat"].path).toHaveLength(4);
    expect(scenario.pipelines["tools"]).toEqual([]);
  });

  it.each([
    ["[handbok, gpus]", stores, "traffic.chat.path.0: there is no cache, vector store or pipeline `handbok`; did you mean `handbook`?"],
    ["[{ call: gpu }, hosted]", stores, "traffic.chat.path.0.call: there is no pool or provider `gpu`; did you mean `gpus`?"],
    [
      "[{ call: gpus }, { call: gpus }, hosted]",
      stores,
      "traffic.chat.path: `gpus` comes twice before the targets; leave out one; a call may have a name of its own: { call: gpus, name: rewrite }",
    ],
    [
      "[{ parallel: [answers, handbook] }, gpus]",
      stores,
      "traffic.chat.path.0.parallel.0: a cache ends the way of what it answers, so it cannot be a part of another stage; name it in the path itself",
    ],
    ["[{ parallel: [handbook] }, gpus]", stores, "traffic.chat.path.0.parallel: must have at least 2 entries (found [handbook])"],
    [
      "[handbook]",
      stores,
      "traffic.chat.path.0: the last stage must be a pool or a provider; [handbook, gpus]: a pool or a provider gives the answer",
    ],
    [
      "[rag, gpus]",
      `${stores}pipelines: { rag: [handbook, more], more: [{ parallel: [rag, handbook] }] }\n`,
      "pipelines.rag: contains itself: rag, more, rag; leave out one of these\n  also: line 29: pipelines.more: contains itself: more, rag, more",
    ],
    ["[gpus]", `${stores}pipelines: { handbook: [] }\n`, "pipelines.handbook: the name is also one of vectorStores; rename one of them"],
  ])("that are %s are refused", (path, more, expected) => {
    expect(mistake(path, more)).toBe(expected);
  });
});

describe("a vector store", () => {
  it.each([
    [
      "rebuild: { every: 10m, lasts: 11m }",
      "vectorStores.handbook.rebuild.lasts: takes longer than the time from one to the next; at most 600s",
    ],
    ["rebuild: { lasts: 11m }", "vectorStores.handbook.rebuild: needs exactly one of every, at and afterWrites; { every: 6h, lasts: 11m }"],
    ["rebuild: { every: 6h, lasts: 11m, effect: scan }", "vectorStores.handbook.rebuild.effect: needs the store's scan"],
    ["timeout: 0s", "vectorStores.handbook.timeout: must be above 0s (found 0s); allowed: above 0s"],
    ["outages: { every: 1us, lasts: 1us }", "vectorStores.handbook.outages.every: would happen"],
    ["writes: 200000/s", "vectorStores.handbook.writes: would happen"],
    [
      "vectors: 10M, memory: { limit: 32GB, bytesPerVector: 6144B }",
      "vectorStores.handbook.memory.limit: the vectors do not fit from the start",
    ],
  ])("with %s is refused", (settings, expected) => {
    expect(mistake("[handbook, gpus]", store(settings))).toContain(expected);
  });
});
