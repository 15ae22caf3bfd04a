import { expect, it } from "vitest";
import { always, answers, ClientDriver } from "./client-driver.ts";

it("a limit falls once for answers that break off, however soon they began, when all were sent before it fell", () => {
  const settings = { concurrency: { aimd: { initial: 4, decrease: 0.5 } }, timeout: { attempt: { total: "5s" } } };
  const driver = new ClientDriver(settings, [always(answers(1, 100))]);
  driver.run(0, 2, 4, 8, 8, 8);
  // From four to two at 5 s, while two are under way; not again at 7 s and 9 s, so there is room for one more then.
  expect(driver.targets[0].sentAt.slice(0, 5)).toEqual([0, 2, 4, 8, 9]);
});
