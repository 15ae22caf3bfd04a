import fc from "fast-check";
import { expect, it } from "vitest";
import { parseShard, partOf } from "../../../src/cli/tasks/shard.ts";

it("the shards of a list are all of it, each part of it once, and none is larger than another by more than one", () => {
  fc.assert(
    fc.property(fc.nat(60), fc.integer({ min: 1, max: 9 }), (length, count) => {
      const list = Array.from({ length }, (_, i) => i);
      const parts = Array.from({ length: count }, (_, i) => partOf(list, { index: i + 1, count }));
      expect(parts.flat().toSorted((a, b) => a - b)).toEqual(list);
      const sizes = parts.map((part) => part.length);
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    }),
  );
});

const slurm = (id: number, least: number, most: number, step: number, count: number) => ({
  SLURM_ARRAY_TASK_ID: String(id),
  SLURM_ARRAY_TASK_MIN: String(least),
  SLURM_ARRAY_TASK_MAX: String(most),
  SLURM_ARRAY_TASK_STEP: String(step),
  SLURM_ARRAY_TASK_COUNT: String(count),
});

it.each([
  ["2/4", {}, { index: 2, count: 4 }],
  ["auto", slurm(0, 0, 3, 1, 4), { index: 1, count: 4 }],
  ["auto", slurm(4, 1, 4, 1, 4), { index: 4, count: 4 }],
  ["auto", slurm(5, 1, 7, 2, 4), { index: 3, count: 4 }],
  ["auto/4", slurm(2, 1, 4, 1, 4), { index: 2, count: 4 }],
  ["auto", { AWS_BATCH_JOB_ARRAY_INDEX: "0", AWS_BATCH_JOB_ARRAY_SIZE: "3" }, { index: 1, count: 3 }],
  ["auto/3", { AWS_BATCH_JOB_ARRAY_INDEX: "2" }, { index: 3, count: 3 }],
  ["auto/4", { JOB_COMPLETION_INDEX: "3" }, { index: 4, count: 4 }],
])("%s in the environment %o is %o", (text, environment, shard) => {
  expect(parseShard(text, environment)).toEqual(shard);
});

it.each([
  ["", {}, /must be i\/n, auto or auto\/n/],
  ["2", {}, /must be i\/n/],
  ["2/4/6", {}, /must be i\/n/],
  ["-1/4", {}, /must be i\/n/],
  ["1/0", {}, /has no shards/],
  ["0/4", {}, /asks for shard 0 of 4/],
  ["5/4", {}, /asks for shard 5 of 4/],
  ["auto", {}, /finds none of SLURM_ARRAY_TASK_ID, AWS_BATCH_JOB_ARRAY_INDEX, JOB_COMPLETION_INDEX/],
  ["auto/4", {}, /finds none of/],
  ["auto", { JOB_COMPLETION_INDEX: "3" }, /Kubernetes does not say[\s\S]*--shard auto\/4/],
  ["auto/4", { JOB_COMPLETION_INDEX: "4" }, /number 5 of 4 in the environment of Kubernetes/],
  ["auto/4", slurm(3, 3, 3, 1, 1), /Slurm runs 1 at once/],
  ["auto", slurm(7, 1, 7, 1, 3), /number 7 of 3 in the environment of Slurm/],
  ["auto", { AWS_BATCH_JOB_ARRAY_INDEX: "one", AWS_BATCH_JOB_ARRAY_SIZE: "3" }, /AWS_BATCH_JOB_ARRAY_INDEX=one/],
])("%s in the environment %o is a mistake", (text, environment, message) => {
  expect(() => parseShard(text, environment)).toThrow(message);
});
