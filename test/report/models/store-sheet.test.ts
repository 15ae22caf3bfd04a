import { describe, expect, it } from "vitest";
import { storeSheet } from "../../../src/report/models/store-sheet.ts";
import { storeTable } from "../../../src/report/models/store-table.ts";
import { vectorStoreSettings } from "../../../src/retrieval/vector-store-settings.ts";

const plain = { concurrency: 10, read: { exponential: { mean: "20ms" } }, slowdown: 25, vectors: "2M" };
const sheetOf = (further: object = {}) => storeSheet(vectorStoreSettings.parse({ ...plain, ...further }));
const rows = (further?: object) => storeTable(sheetOf(further)).lines.map(({ cells }) => cells.map(({ text }) => text).join(": "));

describe("what a vector store comes to", () => {
  it("is bounded by its slots: no more reads than end in the mean while all are held, and as many fewer as a rebuild slows them", () => {
    const { indexed, slowed } = sheetOf();
    expect(indexed).toEqual({ mean_s: 0.02, most_per_s: 500 });
    expect(slowed).toEqual({ mean_s: 0.5, most_per_s: 20 });
  });

  it("says of memory and of scans only what the profile does", () => {
    expect(rows()).toEqual([
      "reads: 20 ms in the mean, no more than 500 a second",
      "slowed by a rebuild: 500 ms in the mean, no more than 20 a second",
      "vectors: 2,000,000",
    ]);
    expect(rows({ scan: { constant: "250ms" }, memory: { limit: "10GB", bytesPerVector: "2500B", pressureFrom: "75%" } })).toEqual([
      "reads: 20 ms in the mean, no more than 500 a second",
      "slowed by a rebuild: 500 ms in the mean, no more than 20 a second",
      "of what is not indexed: 250 ms in the mean, no more than 40 a second",
      "vectors: 2,000,000",
      "memory: 5 of 10 GB",
      "room: for 4.00M vectors; reads begin to miss memory at 3.00M",
    ]);
  });
});
