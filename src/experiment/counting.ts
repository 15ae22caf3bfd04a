import type { Runner } from "./runner.ts";

/** A runner that counts what it carries out. */
interface CountingRunner extends Runner {
  readonly count: () => number;
}

export function counting(runner: Runner): CountingRunner {
  let count = 0;
  return {
    run(task) {
      count++;
      return runner.run(task);
    },
    count: () => count,
  };
}
