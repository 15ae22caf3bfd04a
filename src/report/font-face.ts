import { base64 } from "./html.ts";
import type { Fonts } from "./svg.ts";

/** Rules that carry Inter within a page or a drawing, in the two weights that they use. */
export function fontFaces({ regular, semiBold }: Fonts): string {
  return fontFace(regular, 400) + fontFace(semiBold, 600);
}

/** A drawing that looks the same where Inter is not installed: it carries the font that its text was measured with. */
export function standalone(svg: string, fonts: Fonts): string {
  return svg.replace(/^<svg[^>]*>/, (opening) => `${opening}<style>${fontFaces(fonts)}</style>`);
}

function fontFace(bytes: Uint8Array, weight: number): string {
  return `@font-face { font-family: Inter; font-weight: ${weight}; src: url(data:font/woff2;base64,${base64(bytes)}) format("woff2"); }\n`;
}
