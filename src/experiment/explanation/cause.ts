import type { Scenario } from "../../scenario/schema.ts";

/** Something that may keep requests from meeting their objectives, and the system as it would be without it. */
export interface Cause {
  /** Key in the registry and in results. */
  readonly name: string;
  /** As sentences and tables call it. */
  readonly words: string;
  /** Whether several of it "cost" attainment, as cold starts do, or one "costs" it. */
  readonly plural: boolean;
  /** A scenario that is as allowed as the one given, and equal to it where the cause is not there. */
  removed(scenario: Scenario): Scenario;
}
