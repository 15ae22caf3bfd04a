import { expect, it } from "vitest";
import { openCatalogue } from "../../src/cli/catalogue.ts";
import { requestOf } from "../../src/scenario/engines/engine-floor.ts";
import { factsOf } from "../../src/scenario/engines/facts.ts";
import { type Deployment, deploymentOf, isIssue } from "../../src/serving/roofline/deployment.ts";
import { beatsFloor, floorOf } from "../../src/serving/roofline/floor.ts";
import { engineNames, shippedEngine } from "./shipped-engine.ts";

const facts = factsOf(openCatalogue());
const engines = engineNames.map((name) => ({ name, engine: shippedEngine(name) })).filter(({ engine }) => engine !== undefined);

/** What the profile is of, by models/llms and models/gpus. */
function deploymentNamed(name: string, engine: NonNullable<(typeof engines)[number]["engine"]>): Deployment {
  const request = requestOf(name, { ...engine, stepTime: engine.stepTime, kvBlocks: engine.kvBlocks }, facts);
  if (request === undefined || typeof request === "string") throw new Error(`${name}: ${request ?? "its model or its GPU is not known"}`);
  const deployment = deploymentOf(request);
  if (isIssue(deployment)) throw new Error(`${name}: ${deployment.message}`);
  return deployment;
}

it.each(engines)("$name does not beat its hardware", ({ name, engine }) => {
  const { stepTime, kvBlocks, blockSize } = engine!;
  const deployment = deploymentNamed(name, engine!);
  expect(beatsFloor(stepTime, kvBlocks, deployment, blockSize)).toEqual([]);
  expect(stepTime.denseFloor, "weights of the layers, read once").toBeGreaterThanOrEqual(floorOf(deployment).weights);
});
