import { describe, expect, it } from "vitest";
import type { Sensitivity } from "../../../src/experiment/explanation-result.ts";
import { causeWorth } from "../../../src/report/charts/cause-worth.ts";
import { costAttainment } from "../../../src/report/charts/cost-attainment.ts";
import { inputTornado } from "../../../src/report/charts/input-tornado.ts";
import { renderSvg } from "../../../src/report/svg.ts";
import { explained } from "../explained.ts";
import { compared } from "../fixture.ts";

const result = explained();

it("causes and inputs are drawn of an explanation alone, whose counterfactuals are no plans", () => {
  expect([causeWorth, inputTornado, costAttainment].map((chart) => chart.applies(result))).toEqual([true, true, false]);
  expect([causeWorth, inputTornado, costAttainment].map((chart) => chart.applies(compared()))).toEqual([false, false, true]);
});

it("the headline on causes is the first sentence of the advice", () => {
  expect(causeWorth.headline(result)).toMatch(/^Cold starts cost .* not 95\.4 %$/);
});

it("the headline on inputs names what moves attainment most and what moves the cost most", () => {
  expect(inputTornado.headline(result)).toBe(
    "chat traffic moves attainment most: +1.20 points at 0.8, −3.10 at 1.2; gpus price moves the cost most: −$2,148 at 0.8, +$2,148 a month at 1.2",
  );
});

describe("the headline on inputs", () => {
  const none = { moved: null, attainment: { mean: 0 }, usd_per_month: { mean: 0 } };
  const headlineOf = (...sensitivity: Sensitivity[]) =>
    inputTornado.headline({ ...result, explanation: { ...result.explanation!, sensitivity } });
  const traffic = {
    input: "chat traffic",
    low: { ...none, attainment: { mean: 0.01 }, usd_per_month: { mean: -200 } },
    high: { ...none, attainment: { mean: -0.02 }, usd_per_month: { mean: 300 } },
  };

  it("names one that moves both most once", () => {
    expect(headlineOf(traffic)).toBe(
      "chat traffic moves attainment and cost most: +1.00 points at 0.8, −2.00 at 1.2; −$200 at 0.8, +$300 a month at 1.2",
    );
  });

  it("does not call that a move which is rounded to nothing, nor speak of money where there is none", () => {
    const tiny = { ...none, attainment: { mean: 0.000_01 } };
    expect(
      headlineOf({ ...traffic, low: { ...traffic.low, attainment: { mean: 0 } }, high: { ...traffic.high, attainment: tiny.attainment } }),
    ).toBe("No input moves attainment by a hundredth of a point; chat traffic moves the cost most: −$200 at 0.8, +$300 a month at 1.2");
    expect(headlineOf({ input: "chat traffic", low: none, high: { ...none, attainment: { mean: 0.01 } } })).toBe(
      "chat traffic moves attainment most: 0 points at 0.8, +1.00 at 1.2",
    );
  });
});

it("bars have no axis to a side on which there is next to nothing", () => {
  const [first] = result.explanation!.causes;
  const gaining = (mean: number) => ({ ...first, attainment: { mean, low: mean - 0.001, high: mean + 0.001 } });
  const causes = [gaining(0.76), gaining(-0.0004)];
  const spec = causeWorth.spec({ ...result, explanation: { ...result.explanation!, causes } });
  const ticks = (JSON.stringify(spec).match(/"values":(\[[-\d.,]*\]),"labelExpr"/) ?? [])[1];
  expect(JSON.parse(ticks)[0]).toBe(0);
});

it.each([causeWorth, inputTornado])("$name is drawn without a complaint, with every row named", async (chart) => {
  const { svg, problems } = await renderSvg(chart.spec(result));
  expect(problems).toEqual([]);
  const names = chart === causeWorth ? ["cold starts", "abandoned work"] : ["chat traffic", "gpus replicas (3 to 2 or 4)", "gpus price"];
  for (const name of names) expect(svg).toContain(name);
});
