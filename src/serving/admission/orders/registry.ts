import { fifo } from "./fifo.ts";
import { lifo } from "./lifo.ts";
import type { LineOrder } from "./line-order.ts";
import { priority } from "./priority.ts";
import { shortestPromptFirst } from "./shortest-prompt-first.ts";

/** Orders in which attempts wait, by the name a scenario uses. */
export const lineOrders = { fifo, lifo, priority, shortestPromptFirst } satisfies Record<string, LineOrder>;

export const lineOrderNames = Object.keys(lineOrders) as (keyof typeof lineOrders)[];
