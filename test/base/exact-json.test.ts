import fc from "fast-check";
import { expect, it } from "vitest";
import { exactJson, parseExactJson } from "../../src/base/exact-json.ts";

const column = fc.oneof(
  fc.float64Array(),
  fc.float32Array(),
  fc.int32Array(),
  fc.uint16Array(),
  fc.uint8Array(),
  // A window on a larger buffer is written as what it shows.
  fc.float64Array({ minLength: 3 }).map((whole) => whole.subarray(1, 2)),
);

const { data } = fc.letrec<{ data: unknown }>((tie) => ({
  data: fc.oneof(
    { depthSize: "small" },
    fc.double(),
    fc.constantFrom(NaN, Infinity, -Infinity, -0, 0, null, true, false),
    fc.string(),
    column,
    fc.array(tie("data")),
    fc.dictionary(fc.oneof(fc.string(), fc.constantFrom("$", "base64", "entries", "__proto__")), tie("data"), { noNullPrototype: true }),
  ),
}));

it("whatever is written is read back bit for bit", () => {
  fc.assert(
    fc.property(data, (value) => {
      const again = parseExactJson(exactJson(value));
      expect(again).toStrictEqual(value);
      expect(exactJson(again)).toBe(exactJson(value));
    }),
  );
});

it("two values of one text are the same value", () => {
  fc.assert(
    fc.property(data, data, (one, other) => {
      if (exactJson(one) === exactJson(other)) expect(one).toStrictEqual(other);
    }),
  );
  const alike = [
    Infinity,
    -Infinity,
    NaN,
    null,
    "Infinity",
    0,
    -0,
    [undefined],
    [null],
    { $: "NaN" },
    new Float32Array(1),
    new Uint8Array(4),
  ];
  expect(new Set(alike.map(exactJson)).size).toBe(alike.length);
});

it("keys that are undefined are left out, and other keys stay in their order", () => {
  expect(exactJson({ b: 1, a: undefined, c: { d: undefined } })).toBe('{"b":1,"c":{}}');
});

it("what is no data is refused", () => {
  expect(() => exactJson({ run: () => 1 })).toThrow(/only data/);
  expect(() => exactJson(new BigInt64Array(1))).toThrow(/no column of the kind BigInt64Array/);
});
