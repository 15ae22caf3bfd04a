import { createCanvas } from "canvas";
import { expect, it } from "vitest";
import { changesBetween, type Notebook, withOutputs } from "../../notebooks/outputs.ts";

function notebookOf(...outputs: object[]): Notebook {
  const put = outputs.map((one) => Object.assign({ output_type: "display_data" }, one));
  return { nbformat: 4, metadata: {}, cells: [{ id: "one", cell_type: "code", metadata: {}, source: ["1"], outputs: put }] };
}

/** A grey square with some pixels of another shade. */
function picture(off: number, shade = 255): object {
  const canvas = createCanvas(100, 100);
  const context = canvas.getContext("2d");
  context.fillStyle = "rgb(100, 100, 100)";
  context.fillRect(0, 0, 100, 100);
  context.fillStyle = `rgb(${shade}, ${shade}, ${shade})`;
  context.fillRect(0, 0, off, 1);
  return { data: { "image/png": canvas.toBuffer("image/png").toString("base64"), "text/plain": ["a square"] } };
}

it("the same outputs are no change, whether their text is one or in lines", async () => {
  const before = notebookOf({ text: ["a\n", "b"] }, picture(0));
  expect(await changesBetween(before, notebookOf({ text: "a\nb" }, picture(0)))).toEqual([]);
});

it("a text that differs is told by its first line that does", async () => {
  const changes = await changesBetween(notebookOf({ text: "a\nb\nc" }), notebookOf({ text: "a\nB\nC" }));
  expect(changes).toEqual(["cell one, committed and now:\n- b\n+ B"]);
  const longer = await changesBetween(notebookOf({ text: "a\nb" }), notebookOf({ text: "a" }));
  expect(longer).toEqual(["cell one, committed and now:\n- b\n+ "]);
});

it("an output too many or too few is a change", async () => {
  expect(await changesBetween(notebookOf({ text: "a" }), notebookOf())).toEqual(["cell one puts out 0 times, not 1"]);
  expect(await changesBetween(notebookOf(), notebookOf({ text: "a" }))).toEqual(["cell one puts out 1 times, not 0"]);
});

it("a picture may differ by rounding, and by nothing that can be seen", async () => {
  const changed = async (after: object): Promise<boolean> => (await changesBetween(notebookOf(picture(0)), notebookOf(after))).length > 0;
  expect(await changed(picture(100, 104))).toBe(false);
  expect(await changed(picture(4))).toBe(false);
  expect(await changed(picture(20))).toBe(true);
  expect(await changed({ text: ["a square"] })).toBe(true);
});

it("of an execution only what cells put out is kept", () => {
  const before = notebookOf();
  const [cell] = before.cells;
  const ran = { ...cell, execution_count: 1, metadata: { execution: "now" }, outputs: [{ output_type: "stream", text: "1" }] };
  const kept = withOutputs(before, { metadata: { version: "2" }, cells: [ran] });
  expect(kept).toEqual({ ...before, cells: [{ ...ran, metadata: {} }] });
});
