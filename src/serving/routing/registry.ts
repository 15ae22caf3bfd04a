import { leastOutstanding } from "./least-outstanding.ts";
import { random } from "./random.ts";
import { roundRobin } from "./round-robin.ts";

export const routers = { leastOutstanding, roundRobin, random };

export const routerNames = Object.keys(routers) as (keyof typeof routers)[];
