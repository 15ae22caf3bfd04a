import type { Measurement } from "../kernel/level.ts";
import type { Streams } from "../kernel/random.ts";
import type { Simulation } from "../kernel/simulation.ts";
import type { Attempts } from "../traffic/attempts.ts";
import type { Requests } from "../traffic/requests.ts";
import type { AgentSettings } from "./agent/agent-settings.ts";
import type { ClientSettings } from "./client-settings.ts";
import type { Gate } from "./gate/gate.ts";
import type { Path } from "./path.ts";
import type { StageTasks } from "./pipeline/stage-tasks.ts";

/** Takes a request that has ended. Moments are NaN where they never came; `servedBy` is `none` unless it was served. */
export type RequestEnd = (request: number, outcome: number, servedBy: number, firstTokenAt: number, endedAt: number) => void;

/** What the client of one class works for and with. */
export interface ClientSetup {
  readonly simulation: Simulation;
  readonly requests: Requests;
  readonly attempts: Attempts;
  /** Of all classes. */
  readonly tasks: StageTasks;
  readonly streams: Streams;
  readonly measurement: Measurement;
  /** Of the class. */
  readonly name: string;
  /** Tells this class's requests from those of others with the same number. */
  readonly salt: number;
  readonly path: Path;
  readonly settings: ClientSettings;
  /** Where the model is called several times for a request. */
  readonly agent: AgentSettings | undefined;
  /** A position in `priorities`. */
  readonly priority: number;
  /** Tokens, Infinity when the class does not say. */
  readonly maxOutput: number;
  /** What holds its attempts back, its own or one that it shares with other classes. */
  readonly gate: Gate | undefined;
  /** Tokens that the gate takes an answer for beforehand, at most; 0 where it does not count tokens. */
  readonly expectedOutput: number;
  readonly end: RequestEnd;
}
