import { readFileSync } from "node:fs";

const rows = new Set(tableRows(readFileSync(new URL("README.md", import.meta.url), "utf8")));

/** The rows of a Markdown table that the README beside this file lacks; how wide their columns are does not matter. */
export function rowsMissingInReadme(table: string): string[] {
  return tableRows(table).filter((row) => !rows.has(row));
}

function tableRows(text: string): string[] {
  const lines = text.split("\n").filter((line) => line.startsWith("|") && /[^|:\- ]/.test(line));
  return lines.map((line) => line.replaceAll(/ +/g, " "));
}
