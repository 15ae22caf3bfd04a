import fc from "fast-check";

/** One seed for every property, so that a run can be repeated; `HEADROOM_SEED=random` looks elsewhere each time. */
const given = process.env["HEADROOM_SEED"] ?? "20261124";

if (given !== "random") fc.configureGlobal({ seed: Number(given) });
