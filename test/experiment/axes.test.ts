import fc from "fast-check";
import { expect, it } from "vitest";
import { distinct, grid, parseAssignment, parseAxis } from "../../src/experiment/axes.ts";

it("a range is every whole number in it", () => {
  expect(parseAxis("pools.gpus.warm.size=0..3")).toEqual({
    path: "pools.gpus.warm.size",
    label: "warm size",
    values: ["0", "1", "2", "3"],
  });
});

it("values are separated by commas that stand outside brackets and quotes", () => {
  expect(parseAxis("traffic.chat.client.timeout={ ttft: 5s, total: 30s }, {total: 60s}").values).toEqual([
    "{ ttft: 5s, total: 30s }",
    "{total: 60s}",
  ]);
  expect(parseAxis(`a.b.c="x,y",z`).values).toEqual([`"x,y"`, "z"]);
});

it("labels are the end of the path below the name, and get the name where they would be alike", () => {
  const axes = distinct(["pools.gpus.warm.size=1,2", "pools.cpus.warm.size=1,2", "pools.gpus.engine=a,b"].map(parseAxis));
  expect(axes.map(({ label }) => label)).toEqual(["gpus warm size", "cpus warm size", "engine"]);
});

it("the grid has every combination once, the last axis fastest", () => {
  const axes = [parseAxis("a=1,2"), parseAxis("b=x,y,z")];
  expect(grid(axes)).toEqual([
    ["1", "x"],
    ["1", "y"],
    ["1", "z"],
    ["2", "x"],
    ["2", "y"],
    ["2", "z"],
  ]);
});

it("the grid's size is the product of its axes", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 }), (sizes) => {
      const axes = sizes.map((size, i) => ({
        path: `p${i}`,
        label: `p${i}`,
        values: Array.from({ length: size }, (_, value) => String(value)),
      }));
      const rows = grid(axes);
      expect(rows.length).toBe(sizes.reduce((product, size) => product * size, 1));
      expect(new Set(rows.map(String)).size).toBe(rows.length);
    }),
  );
});

it.each([
  [
    "pools.gpus.warm.size",
    /--vary: must be path=value \(found pools.gpus.warm.size\)\n {2}hint: write it like --vary pools.gpus.warm.size=0..3/,
  ],
  ["=3", /must be path=value/],
  ["a=1,,2", /has an empty value/],
  ["a=", /has an empty value/],
  ["a=1,1", /names a value twice/],
  ["a=5..2", /runs backwards/],
  ["a=0..999999", /more than 2000 values/],
])("--vary %s is refused with a hint", (text, message) => {
  expect(() => parseAxis(text)).toThrow(message);
});

it("a grid of more plans than anyone meant is refused with the sizes of its axes", () => {
  const axis = (path: string) => parseAxis(`${path}=0..99`);
  expect(() => grid([axis("a"), axis("b")])).toThrow(
    /asks for 10000 plans\n {2}hint: allowed: up to 2000; a has 100 values, b has 100 values/,
  );
});

it("an assignment may hold equals signs in its value", () => {
  expect(parseAssignment("traffic.chat.arrivals.map=time=ts,input=in", "--set")).toEqual({
    path: "traffic.chat.arrivals.map",
    value: "time=ts,input=in",
    flag: "--set",
  });
});
