import { expect, it } from "vitest";
import type { Point, Result } from "../../src/experiment/result.ts";
import { headroom, scratch, smallScenario, smallTrace } from "../e2e/headroom.ts";

/** Results that must not change unnoticed, without their series; `npm run golden` writes them anew, and their differences are read. */
const commands: Readonly<Record<string, (small: string) => readonly string[]>> = {
  "mm1.json": () => ["simulate", "models/scenarios/mm1.yaml"],
  "small.json": (small) => ["simulate", small],
  "launch.json": () => ["simulate", "models/scenarios/launch.yaml", "--horizon", "6h", "--replications", "2"],
  "rebuild.json": () => {
    const early = "vectorStores.handbook.rebuild.at=[20m]";
    return ["simulate", "models/scenarios/rag-rebuild.yaml", "--horizon", "40m", "--replications", "2", "--set", early];
  },
  "semantic.json": () => ["simulate", "models/scenarios/semantic-cache.yaml", "--horizon", "13h", "--replications", "2"],
  "small-sweep.json": (small) => ["sweep", small, "--vary", "pools.gpus.warm.size=0..1", "--vary", "traffic.chat.client.retry.attempts=1,3"],
};

it.each(Object.keys(commands))("%s is what the engine computes today", async (file) => {
  const files = scratch();
  try {
    files.write("day.csv", smallTrace());
    const { status, stdout } = headroom(...commands[file](files.write("small.yaml", smallScenario)), "--json");
    expect(status).toBe(0);
    await expect(golden(JSON.parse(stdout) as Result)).toMatchFileSnapshot(file);
  } finally {
    files.clear();
  }
});

function golden({ command: _, version: __, ...result }: Result): string {
  const points = result.points.map(({ series, ...point }: Point) => point);
  return `${JSON.stringify({ ...result, points }, null, 1)}\n`;
}
