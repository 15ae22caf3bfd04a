/** What the cells of a notebook put out, and whether two executions differ in it. */
import { createCanvas, loadImage } from "canvas";

interface Output {
  readonly output_type: string;
  readonly text?: string | readonly string[];
  readonly data?: Readonly<Record<string, string | readonly string[]>>;
  readonly [other: string]: unknown;
}

interface Cell {
  readonly id: string;
  readonly cell_type: string;
  readonly metadata: object;
  readonly outputs?: readonly Output[] | undefined;
  readonly execution_count?: number | null | undefined;
  readonly [other: string]: unknown;
}

export interface Notebook {
  readonly cells: readonly Cell[];
  readonly [other: string]: unknown;
}

/** The notebook as it stands with what its cells put out when it was executed, and nothing else of that: not when, nor by which version. */
export function withOutputs(notebook: Notebook, executed: Notebook): Notebook {
  const cells = notebook.cells.map((cell, i) => {
    const { outputs, execution_count } = executed.cells[i];
    return cell.cell_type === "code" ? { ...cell, execution_count, outputs } : cell;
  });
  return { ...notebook, cells };
}

/** A few lines for each cell that puts out something else, by its id; none where all agree. */
export async function changesBetween(before: Notebook, after: Notebook): Promise<string[]> {
  const changes: string[] = [];
  for (const [i, { id, outputs = [] }] of after.cells.entries()) {
    const old = before.cells[i].outputs ?? [];
    if (old.length !== outputs.length) changes.push(`cell ${id} puts out ${outputs.length} times, not ${old.length}`);
    for (const [k, output] of outputs.entries()) {
      const earlier = old[k];
      if (earlier !== undefined && textOf(earlier) !== textOf(output)) changes.push(differing(id, textOf(earlier), textOf(output)));
      if (earlier !== undefined && !(await samePicture(earlier, output))) changes.push(`cell ${id} draws another picture`);
    }
  }
  return changes;
}

function joined(text: string | readonly string[] | undefined): string {
  return typeof text === "string" ? text : (text ?? []).join("");
}

function textOf({ text, data }: Output): string {
  return joined(text ?? data?.["text/plain"]);
}

/** The first line that differs. */
function differing(id: string, before: string, after: string): string {
  const [old, now] = [before.split("\n"), after.split("\n")];
  const at = [...old, ...now].findIndex((_, i) => old[i] !== now[i]);
  return `cell ${id}, committed and now:\n- ${old[at] ?? ""}\n+ ${now[at] ?? ""}`;
}

/** How far a pixel's channel may be off, of 255, and how many channels by more: what is left of rounding on another processor. */
const nearly = 24;
const fewest = 0.0005;

async function samePicture(before: Output, after: Output): Promise<boolean> {
  const [old, now] = [before, after].map(({ data }) => joined(data?.["image/png"]).trim());
  if (old === now) return true;
  if (old === "" || now === "") return false;
  const [a, b] = [await pixels(old), await pixels(now)];
  if (a.width !== b.width || a.data.length !== b.data.length) return false;
  let off = 0;
  for (let i = 0; i < a.data.length; i++) if (Math.abs(a.data[i] - b.data[i]) > nearly) off++;
  return off <= fewest * a.data.length;
}

async function pixels(png: string) {
  const image = await loadImage(Buffer.from(png, "base64"));
  const context = createCanvas(image.width, image.height).getContext("2d");
  context.drawImage(image, 0, 0);
  return context.getImageData(0, 0, image.width, image.height);
}
