import { fifo } from "./fifo.ts";
import type { LineOrder } from "./line-order.ts";

/** Orders in which attempts wait, by the name a scenario uses. */
export const lineOrders = { fifo } satisfies Record<string, LineOrder>;

export const lineOrderNames = Object.keys(lineOrders) as (keyof typeof lineOrders)[];
