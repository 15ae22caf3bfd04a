import { describe, expect, it } from "vitest";
import { PlanError } from "../../src/base/plan-error.ts";
import { resolvedYaml } from "../../src/scenario/resolved.ts";
import { decode, exampleWith } from "./example.ts";

const withLimits = (limits: string): string => exampleWith("limits: { law: tokenBucket, rpm: 5000 }", `limits: { ${limits} }`);

/** Place, message and hint of the mistakes in the limits, without the text there. */
function mistake(limits: string): string {
  return mistakeIn(withLimits(limits));
}

function mistakeIn(text: string, ...flags: string[]): string {
  try {
    decode(text, ...flags);
  } catch (error) {
    if (error instanceof PlanError)
      return error.message
        .replace(/^plan.yaml:/, "")
        .replace("providers.hosted.", "")
        .replaceAll(/\n +(\d+ \||\^).*/g, "");
    throw error;
  }
  throw new Error("the scenario was decoded");
}

/** The limits with their defaults. */
function resolved(limits: string): string {
  const lines = resolvedYaml(decode(withLimits(limits)).scenario).split("\n");
  const own = lines.slice(lines.indexOf("    limits:") + 1);
  const end = own.findIndex((line) => !line.startsWith("      "));
  return own
    .slice(0, end)
    .map((line) => line.trim())
    .join(", ");
}

describe("limits of a provider", () => {
  it.each([
    [
      "law: fixedWindow",
      `25:13: limits: the law fixedWindow needs rpm or tpm
  hint: rpm: 5000`,
    ],
    [
      "law: subWindow, rpm: 600",
      `25:13: limits: the law subWindow needs window
  hint: window: over which the rates are enforced, such as 1s or 10s`,
    ],
    [
      "law: reserveSettle, rpm: 10, defaultMaxOutput: 64k",
      `25:13: limits: the law reserveSettle needs tpm
  hint: tpm: 2M`,
    ],
    [
      "law: reserveSettle, tpm: 2M",
      `25:13: limits: needs defaultMaxOutput, since chat does not say how long an answer it wants
  hint: the model's longest answer, such as 64k; or maxOutput for chat; or outputWeight: 0 where answers do not count`,
    ],
    [
      "law: streaming, rpm: 10",
      `25:13: limits: the law streaming needs tpm
  hint: tpm: 2M`,
    ],
    [
      "law: utilisation, outputWeight: 0",
      `25:13: limits: the law utilisation needs units
  hint: units: provisioned units
  also: line 25: providers.hosted.limits: the law utilisation needs tokensPerMinutePerUnit`,
    ],
    [
      "law: exogenous, refused: 10%",
      `25:13: limits: the law exogenous needs lasts
  hint: lasts: how long each lasts`,
    ],
    [
      "law: exogenous, lasts: 10m, refused: 10%",
      `25:13: limits: needs either every or at
  hint: { every: 14d, lasts: 40m } or { at: [14h], lasts: 40m }`,
    ],
  ])("that lack a number are refused: %s", (limits, expected) => {
    expect(mistake(limits)).toBe(expected);
  });

  it.each([
    [
      "law: tokenBucket, tpm: 2M, window: 1s",
      `25:50: limits.window: is not a setting of the law tokenBucket
  hint: it has rpm, tpm, burst`,
    ],
    [
      "law: streaming, tpm: 2M, defaultMaxOutput: 64k",
      `25:58: limits.defaultMaxOutput: is not a setting of the law streaming
  hint: it has rpm, tpm, burst, inputWeight, cachedWeight, outputWeight`,
    ],
    [
      "law: utilisation, tpm: 2M, units: 15, tokensPerMinutePerUnit: 4750, outputWeight: 0",
      `25:38: limits.tpm: is not a setting of the law utilisation
  hint: it has units, tokensPerMinutePerUnit, sold, burst, inputWeight, cachedWeight, outputWeight, defaultMaxOutput, reservedOutputWeight, cachedReserved`,
    ],
    [
      "law: exogenous, rpm: 10, every: 1h, lasts: 10m, refused: 10%",
      `25:36: limits.rpm: is not a setting of the law exogenous
  hint: it has every, at, lasts, refused`,
    ],
  ])("with a setting of another law are refused: %s", (limits, expected) => {
    expect(mistake(limits)).toBe(expected);
  });

  it.each([
    [
      "law: tokenBuckt, rpm: 10",
      `25:20: limits.law: must be one of tokenBucket, fixedWindow, subWindow, reserveSettle, streaming, utilisation, exogenous, acceleration (found tokenBuckt)
  hint: did you mean \`tokenBucket\`?`,
    ],
    [
      "law: tokenBucket, rpm: 10, wait: 1s",
      `25:42: limits.wait: is not a setting
  hint: known here: at, burst, cachedReserved, cachedWeight, defaultMaxOutput, estimate, every, growth, inputWeight, lasts, outputWeight, refused, refusedCount, reservedOutputWeight, retryAfter, sold, tokensPerMinutePerUnit, tpm, units, window`,
    ],
    [
      "law: tokenBucket, rpm: 10, burst: 5s",
      `25:49: limits.burst: the bucket never holds a whole request
  hint: at least 6s for this rpm`,
    ],
    [
      "law: fixedWindow, rpm: 10, window: 5s",
      `25:50: limits.window: no window takes a whole request
  hint: at least 6s for this rpm`,
    ],
    [
      "law: subWindow, rpm: 10, window: 60s",
      `25:48: limits.window: is no part of a minute
  hint: 1s or 10s; a whole minute is law: fixedWindow`,
    ],
    [
      "law: streaming, tpm: 10k, inputWeight: -1",
      `25:54: limits.inputWeight: must be at least 0 (found -1)
  hint: allowed: from 0`,
    ],
  ])("that make no sense are refused: %s", (limits, expected) => {
    expect(mistake(limits)).toBe(expected);
  });

  it.each([
    ["law: tokenBucket, rpm: 10", `law: tokenBucket, rpm: 10, retryAfter: false, burst: 1m`],
    [
      "law: fixedWindow, tpm: 2M, defaultMaxOutput: 64k",
      `law: fixedWindow, tpm: 2000000, retryAfter: false, window: 1m, inputWeight: 1, outputWeight: 1, defaultMaxOutput: 64000, estimate: sum, refusedCount: false`,
    ],
    [
      "law: subWindow, rpm: 600, window: 1s",
      `law: subWindow, rpm: 600, retryAfter: false, window: 1s, inputWeight: 1, outputWeight: 1, estimate: sum, refusedCount: false`,
    ],
    [
      "law: reserveSettle, tpm: 2M, defaultMaxOutput: 64k, outputWeight: 5",
      `law: reserveSettle, tpm: 2000000, retryAfter: false, burst: 1m, inputWeight: 1, outputWeight: 5, defaultMaxOutput: 64000, refusedCount: false, cachedReserved: false`,
    ],
    ["law: streaming, tpm: 2M", `law: streaming, tpm: 2000000, retryAfter: false, burst: 1m, inputWeight: 1, outputWeight: 1`],
    [
      "law: utilisation, units: 15, tokensPerMinutePerUnit: 4750, outputWeight: 8, defaultMaxOutput: 128k",
      `law: utilisation, retryAfter: false, burst: 1m, inputWeight: 1, outputWeight: 8, defaultMaxOutput: 128000, cachedReserved: false, units: 15, tokensPerMinutePerUnit: 4750`,
    ],
    ["law: exogenous, every: 1h, lasts: 10m, refused: 10%", `law: exogenous, retryAfter: false, every: 1h, lasts: 10m, refused: 10%`],
  ])("get the defaults of their law alone: %s", (limits, expected) => {
    expect(resolved(limits)).toBe(expected);
  });
});

/** The example with another line in the place of its limits, and more below. */
const withLine = (line: string, below = ""): string => `${exampleWith("limits: { law: tokenBucket, rpm: 5000 }", line)}${below}`;

describe("several limits of an account", () => {
  it.each([
    ["limits: []", `25:13: limits: must have at least 1 entry (found [])`],
    ["limits: {}", `25:13: limits: needs a limit`],
    [
      "limits: { rpm: 5000 }",
      `25:5: limits: needs law
  hint: law: how it counts and what it lets through: tokenBucket, fixedWindow, subWindow, reserveSettle, streaming, utilisation, exogenous, acceleration`,
    ],
    [
      "limits: [{ law: tokenBucket, rpm: 10, burst: 1s }, 5]",
      `25:50: limits.0.burst: the bucket never holds a whole request
  hint: at least 6s for this rpm
  also: line 25: providers.hosted.limits.1: must be a mapping (found 5)`,
    ],
    [
      "limits: { input: { law: streaming, tpm: -1, inputWeight: -1 }, output: { law: fixedWindow, tpmm: 3 } }",
      `25:45: limits.input.tpm: must be at least 1 (found -1)
  hint: allowed: from 1
  also: line 25: providers.hosted.limits.input.inputWeight: must be at least 0 (found -1)
  also: line 25: providers.hosted.limits.output.tpmm: is not a setting`,
    ],
    [
      "limits: nothing",
      `25:13: limits: there is no profile \`nothing\` among the provider limits
  hint: known here: one-limit, two-limits`,
    ],
  ])("are refused where one of them is wrong, in its place: %s", (line, expected) => {
    expect(mistakeIn(withLine(line))).toBe(expected);
  });

  it("keep the form in which they are written", () => {
    const bucket = { law: "tokenBucket", rpm: 9, retryAfter: false, burst: 60 };
    const limitsOf = (line: string, ...flags: string[]) => {
      const { scenario } = decode(withLine(line), ...flags);
      expect(decode(resolvedYaml(scenario)).scenario).toEqual(scenario);
      return scenario.providers["hosted"].limits;
    };
    expect(limitsOf("limits: { law: tokenBucket, rpm: 9 }")).toEqual(bucket);
    expect(limitsOf("limits: [{ law: tokenBucket, rpm: 9 }, { law: tokenBucket, rpm: 9 }]")).toEqual([bucket, bucket]);
    expect(limitsOf("limits: { law: { law: tokenBucket, rpm: 9 } }")).toEqual({ law: bucket });
  });

  it("of a profile can each be changed, added to, and set from the command line", () => {
    const rates = (line: string, ...flags: string[]) => {
      const limits = decode(withLine(line), ...flags).scenario.providers["hosted"].limits as Record<string, { tpm?: number }>;
      return Object.entries(limits).map(([name, { tpm }]) => `${name} ${tpm ?? "none"}`);
    };
    expect(rates("limits: two-limits")).toEqual(["input 2000000", "output 400000"]);
    expect(rates("limits: { extends: two-limits, output: { tpm: 300 }, ramp: { law: acceleration, rpm: 5, growth: 2 } }")).toEqual([
      "input 2000000",
      "output 300",
      "ramp none",
    ]);
    expect(rates("limits: two-limits", "providers.hosted.limits.output.tpm=7k")).toEqual(["input 2000000", "output 7000"]);
    expect(decode(withLine("limits: one-limit"), "providers.hosted.limits.tpm=7k").scenario.providers["hosted"].limits).toMatchObject({
      tpm: 7000,
    });
    expect(mistakeIn(withLine("limits: two-limits"), "providers.hosted.limits.outpt.tpm=7k")).toContain("limits.outpt: needs law");
  });
});

describe("a quota", () => {
  const quotas = "quotas: { account: { law: tokenBucket, rpm: 3 } }\n";
  it.each([
    [
      "quota: acount",
      quotas,
      `25:12: quota: there is no quota \`acount\`
  hint: did you mean \`account\`?`,
    ],
    [
      "quota: account",
      "",
      `25:12: quota: there is no quota \`account\`
  hint: none is described in this scenario`,
    ],
    [
      "limits: { law: tokenBucket, rpm: 3 }\n    quota: account",
      quotas,
      `26:12: quota: it has limits of its own too
  hint: leave out one of the two`,
    ],
    [
      "quota: account",
      "quotas: { account: { extends: two-limits, output: { tpm: -3 } } }",
      `27:58: quotas.account.output.tpm: must be at least 1 (found -3)
  hint: allowed: from 1`,
    ],
  ])("that is not there or not alone is refused: %s", (line, below, expected) => {
    expect(mistakeIn(withLine(line, below))).toBe(expected);
  });
});

describe("provisioned units", () => {
  const units = "law: utilisation, tokensPerMinutePerUnit: 3400, outputWeight: 0";
  const sold = "sold: { regional: { min: 50, step: 50 }, global: { min: 15, step: 10 } }";
  it("are refused in a number that nobody sells, and allowed in any that somebody does", () => {
    expect(mistake(`${units}, units: 60, ${sold}`)).toBe(`25:87: limits.units: is not a number of units that is sold (found 60)
  hint: regional from 50 in steps of 50, global from 15 in steps of 10`);
    expect(mistake(`${units}, units: 60, sold: {}`)).toContain("limits.sold: needs regional or global");
    for (const number of [50, 150, 15, 65]) expect(resolved(`${units}, units: ${number}, ${sold}`)).toContain(`units: ${number}`);
    expect(resolved(`${units}, units: 61`)).toContain("units: 61");
  });
});
