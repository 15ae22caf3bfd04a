/** What a pointer over a chart of lines is told. Lines themselves know only their first point, so unseen strips stand over them. */
import type { Result } from "../../experiment/result.ts";
import { moment, seconds } from "../../base/format.ts";
import type { Layer } from "./chart.ts";
import { windowsPerBar } from "./downsample.ts";
import { plotWidth } from "./theme.ts";
import { onAxis, timeChannel } from "./time-panel.ts";

/** Strips in a plot; each is about three pixels wide. */
const strips = plotWidth / 3;

/** `x` is the channel of the panel. One strip for every few windows, which tells of the one among them where `worst` is highest: its time and the `words`. */
export function hoverLayer(
  result: Result,
  window_s: number,
  height: number,
  worst: readonly (number | null)[],
  words: (window: number) => Readonly<Record<string, string>>,
  x = timeChannel(result, false),
): Layer {
  const each = windowsPerBar(worst.length, strips);
  const starts = Array.from({ length: Math.ceil(worst.length / each) }, (_, i) => i * each);
  const rows = starts.map((start) => {
    const end = Math.min(start + each, worst.length);
    let told = start;
    for (let i = start; i < end; i++) if ((worst[i] ?? -Infinity) > (worst[told] ?? -Infinity)) told = i;
    const at = `${moment(told * window_s, result.horizon_s)}${each > 1 ? `, the highest of ${seconds(each * window_s)}` : ""}`;
    const until = Math.min(end * window_s, result.horizon_s);
    return Object.assign({ t: onAxis(result, start * window_s), until: onAxis(result, until), at }, words(told));
  });
  const fields = Object.keys(words(0));
  return {
    data: { values: rows },
    mark: { type: "rect", fillOpacity: 0, strokeOpacity: 0 },
    encoding: {
      x,
      x2: { field: "until" },
      y: { value: 0 },
      y2: { value: height },
      tooltip: ["at", ...fields].map((name) => ({ field: escaped(name), type: "nominal" as const, title: name })),
    },
  };
}

/** A field's name in which dots and brackets, as in the names of plans, are no paths into nested data. */
function escaped(name: string): string {
  return name.replaceAll(/[.[\]\\'"]/g, String.raw`\$&`);
}
