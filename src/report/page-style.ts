/** The page's look: the charts' type and colours, one column, readable on a phone and on paper. */
import { fontFamily, hairline, ink, muted, okabeIto } from "./charts/theme.ts";
import { fontFaces } from "./font-face.ts";
import type { Fonts } from "./svg.ts";

/** Darker than the charts' marks, so that small words in them keep a contrast of 4.5 to 1 on white. */
const words = { met: "#00694d", undecided: "#8a5a00", missed: "#a8410a" };

export function pageStyle(fonts: Fonts | undefined): string {
  const faces = fonts === undefined ? "" : fontFaces(fonts);
  return `${faces}
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0; background: white; color: ${ink}; font: 15px/1.55 ${fontFamily}; font-variant-numeric: tabular-nums; }
main, header, footer { max-width: 940px; margin: 0 auto; padding: 0 24px; }
header { padding-top: 40px; }
h1 { font-size: 26px; line-height: 1.3; font-weight: 600; margin: 4px 0 12px; letter-spacing: -0.01em; text-wrap: balance; }
h2 { font-size: 18px; font-weight: 600; margin: 44px 0 14px; padding-top: 18px; border-top: 1px solid ${hairline}; }
p { margin: 8px 0; }
.kicker, .note, footer, dt, figcaption { color: ${muted}; font-size: 13px; }
.kicker { margin: 0; }
.facts { display: flex; flex-wrap: wrap; gap: 12px 36px; margin: 20px 0 0; }
.facts div { min-width: 130px; }
.facts dt { margin: 0; }
.facts dd { margin: 0; font-size: 19px; font-weight: 600; }
.facts small { font-weight: 400; font-size: 13px; color: ${muted}; }
.scroll { overflow-x: auto; margin-top: 18px; }
.scroll:focus-visible { outline: 2px solid ${okabeIto.blue}; outline-offset: 2px; }
table { border-collapse: collapse; font-size: 13px; width: 100%; }
caption { text-align: left; font-weight: 600; font-size: 14px; padding-bottom: 8px; }
th, td { text-align: left; padding: 6px 14px 6px 0; border-bottom: 1px solid ${hairline}; vertical-align: top; white-space: nowrap; }
th:last-child, td:last-child { padding-right: 4px; }
thead th { color: ${muted}; font-weight: 400; border-bottom-color: #b9bbc6; }
tbody th { font-weight: 400; }
.number { text-align: right; }
.wrap td { white-space: normal; overflow-wrap: break-word; min-width: 104px; }
tr.best > * { background: #eef7f3; font-weight: 600; }
tr.best > :first-child { box-shadow: inset 3px 0 ${okabeIto.green}; padding-left: 10px; }
.advised { font-weight: 400; color: ${words.met}; font-size: 12px; }
.verdict { white-space: nowrap; }
.verdict::before { content: ""; display: inline-block; width: 8px; height: 8px; margin-right: 6px; border-radius: 50%; background: currentColor; }
.verdict.undecided::before { border-radius: 0; transform: rotate(45deg); }
.verdict.missed::before { border-radius: 0; clip-path: polygon(0 0, 100% 0, 50% 100%); }
.met { color: ${words.met}; }
.undecided { color: ${words.undecided}; }
.missed { color: ${words.missed}; }
table.few { width: auto; min-width: min(440px, 100%); }
figure { margin: 20px -16px 32px; }
details { margin-top: 14px; }
summary { cursor: pointer; color: ${okabeIto.blue}; font-size: 13px; }
.chart { overflow-x: auto; }
.chart svg { max-width: 100%; height: auto; display: block; }
.warnings { border-left: 3px solid ${okabeIto.orange}; padding: 2px 0 2px 14px; margin: 20px 0 0; }
.warnings ul { margin: 0; padding-left: 18px; }
pre { background: #f5f6f8; padding: 12px 14px; border-radius: 4px; font-size: 13px; white-space: pre-wrap; overflow-wrap: anywhere; }
.tip { position: fixed; z-index: 1; pointer-events: none; background: white; border: 1px solid #c9ccd3; border-radius: 4px; padding: 6px 10px; font-size: 12px; line-height: 1.5; box-shadow: 0 2px 8px rgb(0 0 0 / 12%); max-width: 340px; }
.tip b { font-weight: 600; }
.tip[hidden] { display: none; }
footer { padding-top: 12px; padding-bottom: 48px; }
@media (max-width: 600px) {
  main, header, footer { padding-left: 16px; padding-right: 16px; }
  header { padding-top: 24px; }
  h1 { font-size: 21px; }
  .chart svg { max-width: none; }
}
@media print {
  @page { margin: 14mm; }
  body { font-size: 11pt; }
  main, header, footer { max-width: none; padding-left: 0; padding-right: 0; }
  .scroll, .chart { overflow: visible; }
  table { font-size: 8.5pt; }
  figure, tr, .warnings { break-inside: avoid; }
  h2, caption { break-after: avoid; }
  thead { display: table-header-group; }
  tr.best > *, .verdict::before { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
}
