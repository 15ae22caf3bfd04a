import { describe, expect, it } from "vitest";
import { nameHint, nearest } from "../../src/base/nearest.ts";

const known = ["seed", "horizon", "warmup", "replications"];

describe("nearest", () => {
  it("finds the name behind one slip: a letter swapped, lost, doubled or wrong, or capitals", () => {
    for (const slip of ["sede", "sed", "seeed", "sead", "SEED"]) expect(nearest(slip, known), slip).toBe("seed");
  });

  it("does not guess when more than a third differs", () => {
    expect(nearest("colour", known)).toBeUndefined();
    expect(nearest("", known)).toBeUndefined();
    expect(nearest("seed", [])).toBeUndefined();
  });
});

describe("nameHint", () => {
  it("asks for the near name, or lists what is known in order", () => {
    expect(nameHint("horizn", known)).toBe("did you mean `horizon`?");
    expect(nameHint("colour", known)).toBe("known here: horizon, replications, seed, warmup");
  });
});
