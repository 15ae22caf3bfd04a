/** Viridis as nine anchors, so that a cell's colour and the choice of ink on it come from the same numbers. */
import { ink } from "./theme.ts";

const viridis: readonly string[] = ["#440154", "#472d7b", "#3b528b", "#2c728e", "#21918c", "#28ae80", "#5ec962", "#addc30", "#fde725"];

/** The colour at `position` from 0 to 1, between the two nearest anchors, as red, green, blue from 0 to 255. */
export function rampColour(position: number): [red: number, green: number, blue: number] {
  const place = Math.min(Math.max(position, 0), 1) * (viridis.length - 1);
  const index = Math.min(Math.floor(place), viridis.length - 2);
  const channel = (code: string, i: number) => Number.parseInt(code.slice(1 + 2 * i, 3 + 2 * i), 16);
  const mix = (i: number) => {
    const from = channel(viridis[index], i);
    return from + (channel(viridis[index + 1], i) - from) * (place - index);
  };
  return [mix(0), mix(1), mix(2)];
}

export function hex(rgb: readonly number[]): string {
  return `#${rgb.map((value) => Math.round(value).toString(16).padStart(2, "0")).join("")}`;
}

/** Relative luminance, 0 black to 1 white (WCAG 2.2). */
export function luminance(rgb: readonly number[]): number {
  const [red, green, blue] = rgb.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Ink with the higher contrast on the ramp at `position`: at least 4.5 to 1 everywhere but near the middle. */
export function inkOn(position: number): string {
  const background = luminance(rampColour(position));
  const contrastWhite = 1.05 / (background + 0.05);
  const contrastInk = (background + 0.05) / (luminance([0x1c, 0x20, 0x24]) + 0.05);
  return contrastWhite > contrastInk ? "#ffffff" : ink;
}
