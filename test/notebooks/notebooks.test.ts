import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Notebook } from "../../notebooks/outputs.ts";

const names = readdirSync("notebooks").filter((name) => name.endsWith(".ipynb"));

describe.each(names)("%s", (name) => {
  const { cells } = JSON.parse(readFileSync(`notebooks/${name}`, "utf8")) as Notebook;
  const code = cells.filter(({ cell_type }) => cell_type === "code");

  it("says no number but those that a cell has computed", () => {
    const prose = cells.filter(({ cell_type }) => cell_type === "markdown").map(({ source }) => (source as string[]).join(""));
    expect(prose.length).toBeGreaterThan(0);
    expect(prose.filter((text) => /\d/.test(text))).toEqual([]);
  });

  it("was executed from the first cell to the last, and every cell shows something", () => {
    expect(code.map(({ execution_count }) => execution_count)).toEqual(code.map((_, i) => i + 1));
    const kinds = code.map(({ outputs = [] }) => outputs.map(({ output_type }) => output_type));
    expect(kinds).toEqual(code.map(() => ["display_data"]));
  });
});

it("there is a notebook", () => expect(names).not.toEqual([]));
