import { describe, expect, it } from "vitest";
import { replicaHourPrice } from "../../src/serving/pool-price.ts";
import { decode, exampleWith } from "./example.ts";

function price(text: string, ...flags: string[]): number | undefined {
  return replicaHourPrice(decode(text, ...flags).scenario.pools["gpus"]);
}

describe("replicaHourPrice", () => {
  it("is the price that the pool gives", () => {
    expect(price(exampleWith("price: cloud", "price: { perReplicaHour: $3 }"))).toBe(3);
  });

  it("is the book's price of the engine's GPU, for every GPU of the replica", () => {
    expect(price(exampleWith("price: cloud", "price: cloud"))).toBe(6.88);
    expect(price(exampleWith("engine: llama/h100", "engine: { extends: llama/h100, gpus: 4 }"))).toBeCloseTo(4 * 6.88, 10);
  });

  it("follows the engine when a sweep changes its GPU", () => {
    const book = exampleWith("price: cloud", "price: { extends: cloud, perGpuHour: { l40s: $1.82 } }");
    expect(price(book, "pools.gpus.engine=llama/l40s")).toBeCloseTo(2 * 1.82, 10);
  });

  it("leaves the reserved replicas of an extended book to the pool", () => {
    const text = exampleWith("price: cloud", "price: { extends: cloud, reserved: { count: 2, perReplicaHour: $4.20 } }");
    expect(decode(text).scenario.pools["gpus"].price!.reserved).toEqual({ count: 2, perReplicaHour: 4.2 });
    expect(price(text)).toBe(6.88);
  });

  it("is unknown without a price", () => {
    expect(price(exampleWith("    price: cloud\n", ""))).toBeUndefined();
  });
});
