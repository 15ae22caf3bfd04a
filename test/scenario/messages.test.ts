import { describe, expect, it } from "vitest";
import { PlanError } from "../../src/base/plan-error.ts";
import { decode, example, exampleWith } from "./example.ts";

/** The message of the mistake in a scenario. */
function message(text: string, ...flags: string[]): string {
  try {
    decode(text, ...flags);
  } catch (error) {
    if (error instanceof PlanError) return error.message;
    throw error;
  }
  throw new Error("the scenario was decoded");
}

const bomb = `a: &a [x, x, x, x, x, x, x, x, x]\nb: &b [${"*a, ".repeat(20)}]\nc: &c [${"*b, ".repeat(20)}]\nd: [${"*c, ".repeat(20)}]\n`;

describe("mistakes in keys", () => {
  it("shows an unknown key", () => {
    expect(message(exampleWith("horizon: 1h", "horizon: 1h\nsede: 3"))).toMatchInlineSnapshot(`
      "plan.yaml:3:1: sede: is not a setting
        3 | sede: 3
            ^
        hint: did you mean \`seed\`?"
    `);
  });

  it("shows a misspelt required key once, not also as a missing one", () => {
    expect(message(exampleWith("horizon: 1h", "horizn: 1h"))).toMatchInlineSnapshot(`
      "plan.yaml:2:1: horizn: is not a setting
        2 | horizn: 1h
            ^
        hint: did you mean \`horizon\`?"
    `);
  });

  it("shows a misspelt kind of distribution once", () => {
    expect(message(exampleWith("inputTokens: { constant: 100 }", "inputTokens: { constnt: 100 }"))).toMatchInlineSnapshot(`
      "plan.yaml:7:20: traffic.chat.inputTokens.constnt: is not a setting
        7 |     inputTokens: { constnt: 100 }
                               ^
        hint: did you mean \`constant\`?"
    `);
  });

  it("shows a service time of a static batch that is of no kind", () => {
    const engine = "engine: { staticBatch: { size: 2, service: { max: 1s } } }";
    expect(message(exampleWith("engine: llama/h100", engine))).toMatch(
      /staticBatch.service: needs exactly one of its kinds, found nothing/,
    );
  });

  it("shows an unknown key that resembles nothing, with what is known", () => {
    expect(message(exampleWith("hitRate: 20%", "hitRate: 20%, colour: red"))).toMatchInlineSnapshot(`
      "plan.yaml:13:41: caches.answers.colour: is not a setting
        13 |   answers: { kind: exact, hitRate: 20%, colour: red }
                                                     ^
        hint: known here: capacity, coalesce, deterministicShare, invalidateAt, keys, latency, perHour, ttl"
    `);
  });

  it("shows missing keys of one mapping together", () => {
    expect(message(exampleWith("name: example\nhorizon: 1h", "seed: 2"))).toMatchInlineSnapshot(`
      "plan.yaml: needs name and horizon
        hint: name: what the report is headed with"
    `);
  });

  it("shows a missing key deep in the file", () => {
    expect(message(exampleWith("engine: llama/h100\n", "onCancel: abort\n"))).toMatchInlineSnapshot(`
      "plan.yaml:15:3: pools.gpus: needs engine
        15 |   gpus:
               ^
        hint: engine: what serves: a profile of models/engines, or its numbers"
    `);
  });

  it("shows a key given twice", () => {
    expect(message(exampleWith("warmup: 5m", "warmup: 5m\nname: again"))).toMatchInlineSnapshot(`
      "plan.yaml:4:1: \`name\` is given twice
        4 | name: again
            ^
        hint: first given on line 1"
    `);
  });

  it("shows a name that cannot be used in paths", () => {
    expect(message(exampleWith("  gpus:\n", "  g.p.u.s:\n"))).toMatchInlineSnapshot(`
      "plan.yaml:15:3: pools.g.p.u.s: is not a name: letters, digits, - and _, a letter first, at most 64
        15 |   g.p.u.s:
               ^"
    `);
  });

  it("shows a key that is no plain word", () => {
    expect(message(exampleWith("horizon: 1h", "horizon: 1h\n? [a, b]\n: 1"))).toMatchInlineSnapshot(`
      "plan.yaml:3:3: a key must be a plain word
        3 | ? [a, b]
              ^"
    `);
  });

  it("shows a key that would reach into the objects of the language", () => {
    expect(message(exampleWith("horizon: 1h", "horizon: 1h\n__proto__: { seed: 3 }"))).toMatchInlineSnapshot(`
      "plan.yaml:3:1: a key must be a plain word
        3 | __proto__: { seed: 3 }
            ^"
    `);
  });
});

describe("mistakes in values", () => {
  it("shows a duration without a unit", () => {
    expect(message(exampleWith("total: 60s", "total: 30"))).toMatchInlineSnapshot(`
      "plan.yaml:10:33: traffic.chat.client.timeout.total: must be a duration (found 30)
        10 |     client: { timeout: { total: 30 }, retry: { attempts: 3, budget: 10% } }
                                             ^
        hint: write it like 500ms, 90s, 30m, 24h, 14d"
    `);
  });

  it("shows a duration in the place of a mapping", () => {
    expect(message(exampleWith("timeout: { total: 60s }", "timeout: 30"))).toMatchInlineSnapshot(`
      "plan.yaml:10:24: traffic.chat.client.timeout: must be a mapping (found 30)
        10 |     client: { timeout: 30, retry: { attempts: 3, budget: 10% } }
                                    ^
        hint: its keys: ttft, total, attempt"
    `);
  });

  it("shows a wrong unit", () => {
    expect(message(exampleWith("rate: 1/s", "rate: 1/year"))).toMatchInlineSnapshot(`
      "plan.yaml:6:23: traffic.chat.arrivals.rate: must be a rate (found 1/year)
        6 |     arrivals: { rate: 1/year }
                                  ^
        hint: write it like 12/s, 300/m, 1000/h"
    `);
  });

  it("shows a wrong type", () => {
    expect(message(exampleWith("rate: 1/s", "rate: [1/s]"))).toMatchInlineSnapshot(`
      "plan.yaml:6:23: traffic.chat.arrivals.rate: must be a rate (found [1/s])
        6 |     arrivals: { rate: [1/s] }
                                  ^
        hint: write it like 12/s, 300/m, 1000/h"
    `);
  });

  it("shows a text where a number is due", () => {
    expect(message(exampleWith("target: 60", "target: many"))).toMatchInlineSnapshot(`
      "plan.yaml:20:63: pools.gpus.scaling.targetTracking.target: must be a number (found many)
        20 |     scaling: { targetTracking: { metric: concurrency, target: many } }
                                                                           ^
        hint: of the metric, per replica"
    `);
  });

  it("shows a value that is not there", () => {
    expect(message(exampleWith("warm: { size: 1 }", "warm:"))).toMatchInlineSnapshot(`
      "plan.yaml:18:5: pools.gpus.warm: has no value
        18 |     warm:
                 ^
        hint: give one, or leave the key out"
    `);
  });

  it("shows a value out of range", () => {
    expect(message(exampleWith("warm: { size: 1 }", "warm: { size: -1 }"))).toMatchInlineSnapshot(`
      "plan.yaml:18:19: pools.gpus.warm.size: must be at least 0 (found -1)
        18 |     warm: { size: -1 }
                               ^
        hint: allowed: whole numbers, from 0, up to 1000"
    `);
  });

  it("shows a count that is not whole", () => {
    expect(message(exampleWith("size: 1", "size: 1.5"))).toMatchInlineSnapshot(`
      "plan.yaml:18:19: pools.gpus.warm.size: must be a whole number (found 1.5)
        18 |     warm: { size: 1.5 }
                               ^
        hint: allowed: whole numbers, from 0, up to 1000"
    `);
  });

  it("shows a share above one", () => {
    expect(message(exampleWith("hitRate: 20%", "hitRate: 120%"))).toMatchInlineSnapshot(`
      "plan.yaml:13:36: caches.answers.hitRate: must be at most 100% (found 120%)
        13 |   answers: { kind: exact, hitRate: 120% }
                                                ^
        hint: allowed: from 0%, up to 100%"
    `);
  });

  it("shows a shorthand out of range, at the shorthand", () => {
    expect(message(exampleWith("replicas: { min: 1, max: 4 }", "replicas: -1"))).toMatchInlineSnapshot(`
      "plan.yaml:17:15: pools.gpus.replicas: must be at least 1 (found -1)
        17 |     replicas: -1
                           ^
        hint: allowed: whole numbers, from 1, up to 10000"
    `);
  });

  it("shows a shorthand of the wrong type", () => {
    expect(message(exampleWith("replicas: { min: 1, max: 4 }", "replicas: [1, 4]"))).toMatchInlineSnapshot(`
      "plan.yaml:17:15: pools.gpus.replicas: must be a count, or { min, max } (found [1, 4])
        17 |     replicas: [1, 4]
                           ^
        hint: how many, or { min, max } with scaling"
    `);
  });

  it("shows a word that is not one of those allowed", () => {
    expect(message(exampleWith("warm: { size: 1 }", "warm: { size: 1, state: pausd }"))).toMatchInlineSnapshot(`
      "plan.yaml:18:29: pools.gpus.warm.state: must be one of stopped, paused, ready (found pausd)
        18 |     warm: { size: 1, state: pausd }
                                         ^
        hint: did you mean \`paused\`?"
    `);
  });

  it("shows a list that is empty", () => {
    expect(message(exampleWith("path: [answers, { first: [gpus, hosted] }]", "path: []"))).toMatchInlineSnapshot(`
      "plan.yaml:11:11: traffic.chat.path: must have at least 1 entry (found [])
        11 |     path: []
                       ^"
    `);
  });

  it("shows a number that is infinite", () => {
    expect(message(exampleWith("target: 60", "target: .inf"))).toMatchInlineSnapshot(`
      "plan.yaml:20:63: pools.gpus.scaling.targetTracking.target: must be a number (found .inf)
        20 |     scaling: { targetTracking: { metric: concurrency, target: .inf } }
                                                                           ^
        hint: of the metric, per replica"
    `);
  });

  it("shows what a table of the dense part looks like", () => {
    const engine = "engine: { stepTime: { overhead: 1ms, dense: [1] }, kvBlocks: 10, gpu: h100 }";
    expect(message(exampleWith("engine: llama/h100", engine))).toMatchInlineSnapshot(`
      "plan.yaml:16:50: pools.gpus.engine.stepTime.dense.0: must be a list (found 1)
        16 |     engine: { stepTime: { overhead: 1ms, dense: [1] }, kvBlocks: 10, gpu: h100 }
                                                              ^
        hint: instead of denseFloor to expertShare: [tokens, time] in ascending order, straight lines between"
    `);
  });

  it("shows the branch of a union that was meant", () => {
    expect(message(exampleWith("{ first: [gpus, hosted] }", "{ frist: [gpus, hosted] }"))).toMatchInlineSnapshot(`
      "plan.yaml:11:23: traffic.chat.path.1.frist: is not a setting
        11 |     path: [answers, { frist: [gpus, hosted] }]
                                   ^
        hint: did you mean \`first\`?"
    `);
  });

  it("shows an objective that cannot be read", () => {
    expect(message(exampleWith(`"ttft p95 < 2s"`, `"ttft p95 less than 2s"`))).toMatchInlineSnapshot(`
      "plan.yaml:9:11: traffic.chat.slo.0: is not an objective (found "ttft p95 less than 2s")
        9 |     slo: ["ttft p95 less than 2s"]
                      ^
        hint: write it like "ttft p95 < 2s", "total p99 < 60s", "tpot p95 < 80ms", "success >= 99.5%", "degraded < 5%", "wrong answers < 1%", "cost < $40000/month""
    `);
  });
});

describe("mistakes in sense", () => {
  it("shows min above max", () => {
    expect(message(exampleWith("min: 1, max: 4", "min: 4, max: 1"))).toMatchInlineSnapshot(`
      "plan.yaml:17:22: pools.gpus.replicas.min: min 4 is above max 1
        17 |     replicas: { min: 4, max: 1 }
                                  ^"
    `);
  });

  it("shows a warm-up as long as the horizon", () => {
    expect(message(exampleWith("warmup: 5m", "warmup: 1h"))).toMatchInlineSnapshot(`
      "plan.yaml:3:9: warmup: the warm-up is not shorter than the horizon
        3 | warmup: 1h
                    ^"
    `);
  });

  it("shows a target that no pool or provider has", () => {
    expect(message(exampleWith("first: [gpus, hosted]", "first: [gpu, hosted]"))).toMatchInlineSnapshot(`
      "plan.yaml:11:31: traffic.chat.path.1.first.0: there is no pool or provider \`gpu\`
        11 |     path: [answers, { first: [gpu, hosted] }]
                                           ^
        hint: did you mean \`gpus\`?"
    `);
  });

  it("shows two kinds of distribution", () => {
    expect(message(exampleWith("{ constant: 100 }", "{ constant: 100, exponential: { mean: 100 } }"))).toMatchInlineSnapshot(`
      "plan.yaml:7:18: traffic.chat.inputTokens: needs exactly one of its kinds, found constant and exponential
        7 |     inputTokens: { constant: 100, exponential: { mean: 100 } }
                             ^
        hint: one of constant, exponential, gamma, lognormal, weibull, empirical, mixture"
    `);
  });

  it("shows two prices of one kind", () => {
    expect(message(exampleWith("price: cloud", "price: { perReplicaHour: $3, perGpuHour: { h100: $3 } }"))).toMatchInlineSnapshot(`
      "plan.yaml:21:12: pools.gpus.price: needs either perReplicaHour or perGpuHour
        21 |     price: { perReplicaHour: $3, perGpuHour: { h100: $3 } }
                        ^
        hint: { perReplicaHour: $6.88 }, or a price book of models/prices/gpus.yaml"
    `);
  });

  it("shows a price book that does not know the GPU", () => {
    expect(message(exampleWith("engine: llama/h100", "engine: llama/l40s"))).toMatchInlineSnapshot(`
      "plan.yaml:21:12: pools.gpus.price: has no price for the engine's GPU \`l40s\`, in the profile \`cloud\`
        21 |     price: cloud
                        ^
        hint: known here: h100, h200; or add perGpuHour: { l40s: $… }"
    `);
  });

  it("shows a price book for an engine without a GPU", () => {
    expect(message(exampleWith("engine: llama/h100", "engine: { stepTime: { overhead: 1ms }, kvBlocks: 10 }"))).toMatchInlineSnapshot(`
      "plan.yaml:21:12: pools.gpus.price: prices per GPU need to know the engine's GPU, in the profile \`cloud\`
        21 |     price: cloud
                        ^
        hint: add gpu: h100 to the engine, or give perReplicaHour"
    `);
  });
});

describe("mistakes in profiles", () => {
  it("shows an unknown profile", () => {
    expect(message(exampleWith("engine: llama/h100", "engine: llama/h10"))).toMatchInlineSnapshot(`
      "plan.yaml:16:13: pools.gpus.engine: there is no profile \`llama/h10\` among the engines
        16 |     engine: llama/h10
                         ^
        hint: did you mean \`llama/h100\`? Known here: broken, llama/h100, llama/l40s"
    `);
  });

  it("shows an unknown profile to extend", () => {
    expect(message(exampleWith("engine: llama/h100", "engine: { extends: gpt/tpu }"))).toMatchInlineSnapshot(`
      "plan.yaml:16:24: pools.gpus.engine.extends: there is no profile \`gpt/tpu\` among the engines
        16 |     engine: { extends: gpt/tpu }
                                    ^
        hint: known here: broken, llama/h100, llama/l40s"
    `);
  });

  it("shows a profile name that is no text", () => {
    expect(message(exampleWith("engine: llama/h100", "engine: { extends: 3 }"))).toMatchInlineSnapshot(`
      "plan.yaml:16:24: pools.gpus.engine.extends: must be the name of a profile (found 3)
        16 |     engine: { extends: 3 }
                                    ^"
    `);
  });

  it("shows a mistake inside a profile, by the profile's name", () => {
    expect(message(exampleWith("engine: llama/h100", "engine: broken"))).toMatchInlineSnapshot(`
      "plan.yaml:16:13: pools.gpus.engine.stepTime.overhead: must be a duration, in the profile \`broken\` (found 1 lightyear)
        16 |     engine: broken
                         ^
        hint: write it like 500ms, 90s, 30m, 24h, 14d"
    `);
  });

  it.each([
    ["5", "engine.error: must be a text, or { tpot, ttft, text } (found 5)", "write it like { tpot: 2.1%"],
    ["[1]", "engine.error: must be a text, or { tpot, ttft, text } (found [1])", "write it like { tpot: 2.1%"],
    ["null", "engine.error: has no value", "give one, or leave the key out"],
    ["{ tpot: 5% }", "engine.error: needs text", "text: what the error is of, in words"],
    ["{ tpot: fair, text: t }", "engine.error.tpot: must be a share (found fair)", "write it like 10%, 0.1"],
    ["{ tpot: 5%, txet: t }", "engine.error.txet: is not a setting", "did you mean `text`?"],
  ])("shows a mistake in the error of a profile that is written out, %s, where it stands", (error, mistake, hint) => {
    const profile = `engine: { how: measured, stepTime: { overhead: 1ms }, kvBlocks: 10, gpu: h100, error: ${error} }`;
    const shown = message(exampleWith("engine: llama/h100", profile));
    expect(shown).toContain(`pools.gpus.${mistake}\n`);
    expect(shown).toMatch(/^plan\.yaml:16:\d+: /);
    expect(shown).toContain(`hint: ${hint}`);
  });

  it("shows a mistake in what is put on top of a profile, where it stands", () => {
    expect(message(exampleWith("engine: llama/h100", "engine: { extends: llama/h100, kvBlocks: 0 }"))).toMatchInlineSnapshot(`
      "plan.yaml:16:46: pools.gpus.engine.kvBlocks: must be at least 1 (found 0)
        16 |     engine: { extends: llama/h100, kvBlocks: 0 }
                                                          ^
        hint: allowed: whole numbers, from 1"
    `);
  });
});

describe("files that are no scenario", () => {
  it("shows an empty file", () => {
    expect(message("")).toMatchInlineSnapshot(`
      "plan.yaml: is empty
        hint: a scenario has name, horizon, traffic and what serves it"
    `);
  });

  it("shows a file of comments", () => {
    expect(message("# nothing yet\n")).toMatchInlineSnapshot(`
      "plan.yaml: is empty
        hint: a scenario has name, horizon, traffic and what serves it"
    `);
  });

  it("shows a list", () => {
    expect(message("- a\n- b\n")).toMatchInlineSnapshot(`
      "plan.yaml:1:1: must be a mapping of settings
        1 | - a
            ^
        hint: a scenario has name, horizon, traffic and what serves it"
    `);
  });

  it("shows a plain text", () => {
    expect(message("hello")).toMatchInlineSnapshot(`
      "plan.yaml:1:1: must be a mapping of settings
        1 | hello
            ^
        hint: a scenario has name, horizon, traffic and what serves it"
    `);
  });

  it("shows a tab as indent", () => {
    expect(message("traffic:\n\tchat: 1\n")).toMatchInlineSnapshot(`
      "plan.yaml:2:1: a tab cannot indent: use spaces
        2 |  chat: 1
            ^"
    `);
  });

  it("shows brackets that do not close", () => {
    expect(message("name: [a, b\nhorizon: 1h\n")).toMatchInlineSnapshot(`
      "plan.yaml:2:1: a bracket above is not closed
        2 | horizon: 1h
            ^"
    `);
  });

  it("shows a quote that does not close", () => {
    expect(message('name: "x\nhorizon: 1h\n')).toMatchInlineSnapshot(`
      "plan.yaml:3:1: a quoted text does not end
        3 | 
            ^"
    `);
  });

  it("shows a tag", () => {
    expect(message("name: !secret x\n")).toMatchInlineSnapshot(`
      "plan.yaml:1:7: tags such as !name are not known here
        1 | name: !secret x
                  ^"
    `);
  });

  it("shows two documents", () => {
    expect(message("name: a\n---\nname: b\n")).toMatchInlineSnapshot(`
      "plan.yaml:2:1: holds more than one document: a scenario is one
        2 | ---
            ^"
    `);
  });

  it("shows very deep nesting", () => {
    expect(message(`name: ${"[".repeat(300)}${"]".repeat(300)}`)).toMatchInlineSnapshot(`
      "plan.yaml: is nested too deeply
        hint: at most 64 levels, and no alias inside what it stands for"
    `);
  });

  it("shows nesting that exhausts the parser", () => {
    expect(message("[".repeat(50_000))).toMatchInlineSnapshot(`
      "plan.yaml: is nested too deeply
        hint: at most 64 levels, and no alias inside what it stands for"
    `);
  });

  it("shows aliases that multiply", () => {
    expect(message(bomb)).toMatchInlineSnapshot(`
      "plan.yaml: uses aliases too often
        hint: write the values out"
    `);
  });

  it("shows an alias inside what it stands for", () => {
    expect(message("name: &a [*a]\n")).toMatchInlineSnapshot(`
      "plan.yaml: is nested too deeply
        hint: at most 64 levels, and no alias inside what it stands for"
    `);
  });

  it("shows an alias of nothing", () => {
    expect(message("name: *nobody\n")).toMatchInlineSnapshot(`
      "plan.yaml:1:7: there is no anchor \`&nobody\` above
        1 | name: *nobody
                  ^"
    `);
  });

  it("shows binary rubbish", () => {
    expect(message("\u0000\u0001name: x")).toMatchInlineSnapshot(`"plan.yaml: is not a text file in UTF-8"`);
  });
});

describe("mistakes on the command line", () => {
  it("shows a value out of range", () => {
    expect(message(example, "pools.gpus.warm.size=-1")).toMatchInlineSnapshot(`
      "--set pools.gpus.warm.size=-1: must be at least 0
        hint: allowed: whole numbers, from 0, up to 1000"
    `);
  });

  it("shows an unknown name, with the nearest", () => {
    expect(message(example, "pools.gpuz.warm.size=1")).toMatchInlineSnapshot(`
      "--set pools.gpuz.warm.size=1: there is no \`gpuz\` in pools
        hint: did you mean \`gpus\`?"
    `);
  });

  it("shows an unknown setting, with the nearest", () => {
    expect(message(example, "pools.gpus.wram.size=1")).toMatchInlineSnapshot(`
      "--set pools.gpus.wram.size=1: pools.gpus has no \`wram\`
        hint: did you mean \`warm\`?"
    `);
  });

  it("shows an unknown last part", () => {
    expect(message(example, "pools.gpus.onCancle=abort")).toMatchInlineSnapshot(`
      "--set pools.gpus.onCancle=abort: pools.gpus has no \`onCancle\`
        hint: did you mean \`onCancel\`?"
    `);
  });

  it("shows an unknown first part", () => {
    expect(message(example, "pool.gpus.replicas=1")).toMatchInlineSnapshot(`
      "--set pool.gpus.replicas=1: a scenario has no \`pool\`
        hint: did you mean \`pools\`?"
    `);
  });

  it("shows a mapping with a mistake in it", () => {
    expect(message(example, "pools.gpus.replicas={ min: 5, max: 2 }")).toMatchInlineSnapshot(
      `"--set pools.gpus.replicas={ min: 5, max: 2 }: pools.gpus.replicas.min: min 5 is above max 2"`,
    );
  });

  it("shows a part of what is a single value", () => {
    expect(message(example, "traffic.chat.arrivals.rate.mean=3")).toMatchInlineSnapshot(`
      "--set traffic.chat.arrivals.rate.mean=3: traffic.chat.arrivals.rate holds \`1/s\`, so nothing can be set below it
        hint: set traffic.chat.arrivals.rate as a whole"
    `);
  });

  it("shows a list entry that is not there", () => {
    expect(message(example, "traffic.chat.slo.1=success >= 99%")).toMatchInlineSnapshot(
      `"--set traffic.chat.slo.1=success >= 99%: traffic.chat.slo has 1 entry, counted from 0: there is no \`1\`"`,
    );
  });

  it("shows a value that is not YAML", () => {
    expect(message(example, "pools.gpus.replicas={ min: 1")).toMatchInlineSnapshot(`
      "--set pools.gpus.replicas={ min: 1: is not YAML: Flow map must end with a }
        hint: '{ min: 1, max: 4 }' is a mapping"
    `);
  });

  it("shows no value", () => {
    expect(message(example, "pools.gpus.replicas=")).toMatchInlineSnapshot(`"--set pools.gpus.replicas=: has no value after the ="`);
  });

  it("shows a path with a hole", () => {
    expect(message(example, "pools..replicas=1")).toMatchInlineSnapshot(
      `"--set pools..replicas=1: is not a path, such as pools.gpus.warm.size"`,
    );
  });

  it("shows an unknown profile", () => {
    expect(message(example, "pools.gpus.engine=llama/h10")).toMatchInlineSnapshot(`
      "--set pools.gpus.engine=llama/h10: there is no profile \`llama/h10\` among the engines
        hint: did you mean \`llama/h100\`? Known here: broken, llama/h100, llama/l40s"
    `);
  });

  it("shows a wrong unit", () => {
    expect(message(example, "horizon=30")).toMatchInlineSnapshot(`
      "--set horizon=30: must be a duration
        hint: write it like 500ms, 90s, 30m, 24h, 14d"
    `);
  });

  it("shows a name where nothing is described", () => {
    const station = "name: x\nhorizon: 1h\ntraffic: {}\n";
    expect(message(station, "pools.gpus.replicas=1")).toMatchInlineSnapshot(`
      "--set pools.gpus.replicas=1: there is no \`gpus\` in pools
        hint: none is described in this scenario"
    `);
  });
});

describe("several mistakes", () => {
  it("come as the first by line, with the others below", () => {
    const text = example.replace("rate: 1/s", "rate: 1").replace("size: 1", "size: -1").replace("hitRate: 20%", "hitRat: 20%");
    expect(message(text)).toMatchInlineSnapshot(`
      "plan.yaml:6:23: traffic.chat.arrivals.rate: must be a rate (found 1)
        6 |     arrivals: { rate: 1 }
                                  ^
        hint: write it like 12/s, 300/m, 1000/h
        also: line 13: caches.answers.hitRat: is not a setting
        also: line 18: pools.gpus.warm.size: must be at least 0 (found -1)"
    `);
  });

  it("are cut off after five others", () => {
    expect(message(`name: x\n${[..."abcdefgh"].map((key) => `${key}: 1\n`).join("")}`)).toMatchInlineSnapshot(`
      "plan.yaml: needs horizon and traffic
        hint: horizon: simulated time; write it like 500ms, 90s, 30m, 24h, 14d
        also: line 2: a: is not a setting
        also: line 3: b: is not a setting
        also: line 4: c: is not a setting
        also: line 5: d: is not a setting
        also: line 6: e: is not a setting
        also: and 3 more"
    `);
  });
});

describe("hostile files", () => {
  it.each([500, 2_000, 8_000, 30_000])("nested %s levels deep are refused", (depth) => {
    for (const [open, close] of [
      ["[", "]"],
      ["{ a: ", "}"],
    ] as const) {
      expect(message(`name: ${open.repeat(depth)}${close.repeat(depth)}`)).toContain("nested too deeply");
    }
  });

  it("with many keys, mistakes or aliases are refused without comparing each with every other", () => {
    const keys = Array.from({ length: 20_000 }, (_, i) => `k${i}: 1\n`).join("");
    expect(message(keys)).toContain("k0: is not a setting");
    expect(message(`pools:\n${keys.replaceAll("k", "  k")}`)).toContain("must be a mapping");
    expect(message(`a: &a 1\nb: [${"*a, ".repeat(50_000)}]\n`)).toContain("uses aliases too often");
  });

  it("of another encoding are refused", () => {
    expect(message("n\u0000a\u0000m\u0000e\u0000")).toBe("plan.yaml: is not a text file in UTF-8");
  });
});
