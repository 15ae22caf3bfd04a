import { expect, it } from "vitest";
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

it.each([causeWorth, inputTornado])("$name is drawn without a complaint, with every row named", async (chart) => {
  const { svg, problems } = await renderSvg(chart.spec(result));
  expect(problems).toEqual([]);
  const names = chart === causeWorth ? ["cold starts", "abandoned work"] : ["chat traffic", "gpus replicas (3 to 2 or 4)", "gpus price"];
  for (const name of names) expect(svg).toContain(name);
});
