/** Bands behind a panel for the time in which vector stores were in trouble, and above it what they mean. */
import type { Result } from "../../../experiment/result.ts";
import type { Trouble } from "../../../experiment/retrieval-result.ts";
import { troubleWords } from "../../trouble-words.ts";
import { shortened } from "../../value-names.ts";
import type { Layer } from "../chart.ts";
import { textWidth } from "../labels.ts";
import { muted, plotWidth } from "../theme.ts";
import { onAxis, single, timeChannel } from "../time-panel.ts";
import type { StageSpan } from "./shown.ts";

const colours: Readonly<Record<Trouble, string>> = { rebuild: "#fbe3c3", outage: "#f3d0d3", reembedding: "#d6e8f5", memory: "#e6dbf0" };
const fontSize = 10;
/** Pixels of a swatch with its distance to the words, and between one word and the next swatch. */
const swatch = 10;
const gap = 10;

/** @param title of the panel's y axis, which stands above its left end and is not to be covered */
export function troubleBands(result: Result, spans: readonly StageSpan[], height: number, title: string): Layer[] {
  if (spans.length === 0) return [];
  // A long one behind the short ones, so that both are seen where they overlap.
  const rows = spans
    .toSorted((a, b) => b.to_s - b.from_s - (a.to_s - a.from_s))
    .map(({ from_s, to_s, trouble }) => ({ t: onAxis(result, from_s), until: onAxis(result, to_s), colour: colours[trouble] }));
  const across = { x: timeChannel(result, false), x2: { field: "until" }, y: { value: 0 }, y2: { value: height } };
  const color = { field: "colour", type: "nominal" as const, scale: null };
  return [
    { data: { values: rows }, mark: { type: "rect", tooltip: null }, encoding: { ...across, color } },
    ...keys(result, spans, textWidth(title) + gap).flatMap(keyLayers),
  ];
}

interface Key {
  readonly text: string;
  readonly colour: string;
  /** Pixels from the left end. */
  readonly x: number;
}

/** One for each kind of trouble, over its first band where there is room, else as near as may be. */
function keys({ horizon_s }: Result, spans: readonly StageSpan[], from: number): Key[] {
  const firsts = spans
    .toSorted((a, b) => a.from_s - b.from_s)
    .filter(({ trouble }, i, all) => all.findIndex((other) => other.trouble === trouble) === i);
  const words = firsts.map(({ trouble, store }) => {
    const alone = spans.every((other) => other.trouble !== trouble || other.store === store);
    return alone ? `${troubleWords[trouble]}: ${shortened(store)}` : troubleWords[trouble];
  });
  const widths = words.map((text) => swatch + textWidth(text, fontSize) + gap);
  const room = plotWidth - from >= widths.reduce((a, b) => a + b, 0);
  const texts = room ? words : firsts.map(({ trouble }) => troubleWords[trouble]);
  const taken = room ? widths : texts.map((text) => swatch + textWidth(text, fontSize) + gap);
  let left = from;
  return firsts.map(({ trouble, from_s }, i) => {
    const latest = plotWidth - taken.slice(i).reduce((a, b) => a + b, 0);
    const x = Math.max(left, Math.min(latest, (from_s / horizon_s) * plotWidth));
    left = x + taken[i];
    return { text: texts[i], colour: colours[trouble], x };
  });
}

function keyLayers({ text, colour, x }: Key): Layer[] {
  const words = { type: "text", align: "left", baseline: "middle", fontSize, color: muted, text, tooltip: null } as const;
  const square = { type: "point", shape: "square", size: 60, filled: true, fill: colour, opacity: 1, tooltip: null } as const;
  const y = { value: -12 };
  return [
    { data: single(), mark: square, encoding: { x: { value: x + 4 }, y } },
    { data: single(), mark: words, encoding: { x: { value: x + swatch }, y } },
  ];
}
