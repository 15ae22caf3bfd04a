/**
 * The browser's side of the page: draws each chart again where its static picture stands, with tooltips. Bundled on its own. Specs
 * are evaluated by vega-interpreter, since the page's policy forbids code from text. A chart that fails keeps its picture.
 */
import { type Spec, View, parse } from "vega";
import { expressionInterpreter } from "vega-interpreter";

/** The little of the DOM that is used, so that the rest of the library cannot come to depend on it. */
interface Node {
  textContent: string | null;
  hidden: boolean;
  className: string;
  readonly style: { left: string; top: string };
  readonly offsetWidth: number;
  readonly offsetHeight: number;
  append(...children: (Node | string)[]): void;
  replaceChildren(...children: Node[]): void;
}
declare const document: { readonly body: Node; getElementById(id: string): Node | null; createElement(tag: string): Node };
declare const innerWidth: number;
declare const innerHeight: number;

const tip = document.createElement("div");
tip.className = "tip";
tip.hidden = true;
document.body.append(tip);

/** Shows what Vega passes for a mark: an object of texts, or null when the pointer left. */
function showTip(_: unknown, event: { clientX: number; clientY: number }, _item: unknown, value: unknown): void {
  tip.hidden = typeof value !== "object" || value === null;
  if (tip.hidden) return;
  const lines = Object.entries(value as Record<string, unknown>).map(([name, text]) => {
    const row = document.createElement("div");
    const strong = document.createElement("b");
    strong.textContent = String(text);
    row.append(`${name} `, strong);
    return row;
  });
  tip.replaceChildren(...lines);
  tip.style.left = `${Math.max(4, Math.min(event.clientX + 14, innerWidth - tip.offsetWidth - 8))}px`;
  tip.style.top = `${Math.max(4, Math.min(event.clientY + 14, innerHeight - tip.offsetHeight - 8))}px`;
}

async function draw(name: string, spec: Spec): Promise<void> {
  const place = document.getElementById(name);
  if (place === null) return;
  const fresh = document.createElement("div");
  fresh.className = "interactive";
  const view = new View(parse(spec, undefined, { ast: true }), { expr: expressionInterpreter, renderer: "svg", hover: true });
  view.tooltip(showTip);
  view.initialize(fresh);
  await view.runAsync();
  place.replaceChildren(fresh);
}

const specs = JSON.parse(document.getElementById("specs")?.textContent ?? "{}") as Record<string, Spec>;
for (const [name, spec] of Object.entries(specs)) draw(name, spec).catch(() => undefined);
