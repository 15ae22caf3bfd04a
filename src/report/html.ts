/** HTML as text. Everything that came from a user goes through `escape`. */
import type { DataTable } from "./data-table.ts";

/** Safe between tags and inside a quoted attribute. */
export function escape(text: string): string {
  const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
  return text.replaceAll(/[&<>"']/g, (character) => entities[character]);
}

/** JSON that may stand in a script element: no `<` is left to end it. */
export function scriptJson(value: unknown): string {
  return JSON.stringify(value).replaceAll("<", String.raw`\u003c`);
}

/** A table with its caption; the first cell of a row is its header. */
export function htmlTable({ caption, columns, lines, note, mark = "advised" }: DataTable): string {
  const side = (i: number) => (columns[i].align === "right" ? ' class="number"' : "");
  const head = columns.map(({ text }, i) => `<th scope="col"${side(i)}>${escape(text)}</th>`).join("");
  const body = lines.map(({ cells, marked }) => {
    const tds = cells.map(({ text, verdict }, i) => {
      const words = verdict === undefined ? escape(text) : `<span class="verdict ${verdict}">${escape(text)}</span>`;
      const star = marked === true && i === 0 ? ` <span class="advised">${escape(mark)}</span>` : "";
      return i === 0 ? `<th scope="row">${words}${star}</th>` : `<td${side(i)}>${words}</td>`;
    });
    return `<tr${marked === true ? ' class="best"' : ""}>${tds.join("")}</tr>`;
  });
  const foot = note === undefined ? "" : `<p class="note">${escape(note)}</p>`;
  const few = columns.length <= 3 ? ' class="few"' : "";
  const table = `<table${few}><caption>${escape(caption)}</caption><thead><tr>${head}</tr></thead><tbody>${body.join("\n")}</tbody></table>`;
  return `<div class="scroll" role="region" tabindex="0" aria-label="${escape(caption)}">${table}</div>${foot}`;
}

/** As a Content-Security-Policy names an inline element whose text this is. */
export async function cspHash(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return `'sha256-${base64(new Uint8Array(digest))}'`;
}

export function base64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}
