import type { Simulation } from "../../kernel/simulation.ts";
import { Timeouts } from "../../kernel/timeouts.ts";
import type { Attempts } from "../../traffic/attempts.ts";
import { outcomeCode } from "../../traffic/outcome.ts";
import { none, type Requests } from "../../traffic/requests.ts";
import type { Ending } from "../../traffic/target.ts";
import { uncounted } from "../breakers.ts";
import type { ClientSetup } from "../client-setup.ts";
import { verdictOf, waitAfter } from "../codes.ts";
import type { Group, Leaf } from "./node.ts";
import { StageRunner } from "./stage-runner.ts";
import type { StageTasks } from "./stage-tasks.ts";

/** What becomes of the work at a stage of the path: exactly one of these, unless the request leaves before. */
export interface PipelineListener {
  worked(request: number): void;
  /** @param verdict a code of `outcomes` */
  broke(request: number, verdict: number): void;
}

/**
 * What the requests of one class do before they come to their targets: stages in order and side by side, each with its time budget, its
 * retries and its breaker. A stage that comes to nothing ends the request, or the request goes on without what it gives.
 */
export class Pipeline {
  private readonly simulation: Simulation;
  private readonly requests: Requests;
  private readonly attempts: Attempts;
  private readonly tasks: StageTasks;
  private readonly nodes: ClientSetup["path"]["nodes"];
  private readonly listener: PipelineListener;
  /** By node; those of groups are empty. */
  private readonly runners: readonly (StageRunner | undefined)[];
  private readonly timeouts: readonly (Timeouts | undefined)[];
  private readonly tryAgain: number;

  constructor(setup: ClientSetup, listener: PipelineListener) {
    const { simulation, requests, attempts, tasks, path } = setup;
    this.simulation = simulation;
    this.requests = requests;
    this.attempts = attempts;
    this.tasks = tasks;
    this.nodes = path.nodes;
    this.listener = listener;
    const open = (task: number, serial: number): boolean => tasks.serial[task] === serial;
    const embedded = simulation.handler((task, serial) => {
      if (open(task, serial)) this.gave(task, true);
    });
    this.runners = path.nodes.map((node) => (node.kind === "leaf" ? new StageRunner(setup, node, embedded) : undefined));
    this.timeouts = path.nodes.map(({ timeout }) =>
      timeout === Infinity ? undefined : new Timeouts(simulation, timeout, open, (task) => this.outOfTime(task)),
    );
    this.tryAgain = simulation.handler((task, serial) => {
      if (open(task, serial)) this.try(task);
    });
  }

  /** The request comes to a node that is no part of another. */
  begin(request: number, node: number): void {
    this.start(request, node, none);
  }

  /** The patience of the request has ended, or that of a look-up: what is under way for it is given up. */
  leave(request: number): void {
    this.dropAll(request, outcomeCode.timedOut);
  }

  /** Whether all that the request waits for is to try again, some of it after a 429. */
  isThrottled(request: number): boolean {
    const { requests, tasks, nodes } = this;
    let throttled = false;
    for (let task = requests.task[request]; task !== none; task = tasks.before[task]) {
      if (nodes[tasks.node[task]].kind !== "leaf") continue;
      if (tasks.waitsAfter[task] === none) return false;
      throttled ||= tasks.waitsAfter[task] === outcomeCode.throttled;
    }
    return throttled;
  }

  /** The run ends: the request has spent time at each stage at which it is. */
  cut(request: number): void {
    const { tasks } = this;
    for (let task = this.requests.task[request]; task !== none; task = tasks.before[task]) this.spent(task);
  }

  /** An attempt that was sent for a task has ended at its target. */
  callEnded(attempt: number, ending: Ending, retryAfter: number): void {
    const { attempts } = this;
    const task = attempts.task[attempt];
    attempts.close(attempt);
    if (ending === "finished") this.gave(task, true);
    else this.failed(task, verdictOf[ending], retryAfter);
  }

  /** A read has ended. @param complete whether it found all there is */
  readEnded(task: number, ending: "found" | "failed" | "shed", complete: boolean): void {
    if (ending === "found") this.gave(task, complete);
    else this.failed(task, outcomeCode[ending], 0);
  }

  private start(request: number, node: number, parent: number): void {
    const { tasks, simulation, timeouts } = this;
    const task = tasks.open(request, node, parent, simulation.now);
    timeouts[node]?.start(task, tasks.serial[task]);
    const given = this.nodes[node];
    if (given.kind === "leaf") this.try(task);
    else if (given.kind === "sequence" || given.parts.length === 0) this.goOn(task, given);
    else this.fanOut(task, given);
  }

  /** The next part of a sequence begins, or it has ended. */
  private goOn(task: number, { parts }: Group): void {
    const { tasks } = this;
    const next = tasks.count[task]++;
    if (next < parts.length) this.start(tasks.request[task], parts[next], task);
    else this.complete(task);
  }

  /** All parts begin; one may end the request at once, and the others with it. */
  private fanOut(task: number, { parts }: Group): void {
    const { tasks } = this;
    const serial = tasks.serial[task];
    const request = tasks.request[task];
    tasks.count[task] = parts.length;
    for (let i = 0; i < parts.length && tasks.serial[task] === serial; i++) this.start(request, parts[i], task);
  }

  private try(task: number): void {
    this.tasks.waitsAfter[task] = none;
    this.account(this.tasks.request[task]);
    if (!this.runner(task).begin(task)) this.over(task, outcomeCode.shed);
  }

  /** A stage has what it was asked for, or, when that is not complete, a part of it. */
  private gave(task: number, complete: boolean): void {
    const { tasks, requests } = this;
    const { leaf } = this.runner(task);
    this.runner(task).ended(task, outcomeCode.served);
    const request = tasks.request[task];
    requests.inputTokens[request] += leaf.promptTokens;
    if (!complete) this.lack(request, leaf);
    this.complete(task);
  }

  private failed(task: number, verdict: number, retryAfter: number): void {
    const { tasks, simulation } = this;
    const runner = this.runner(task);
    runner.ended(task, verdict);
    const wait = runner.retryAfter(task, verdict, retryAfter);
    if (wait === undefined) {
      this.over(task, verdict);
      return;
    }
    tasks.waitsAfter[task] = verdict;
    this.account(tasks.request[task]);
    simulation.after(wait, this.tryAgain, task, tasks.serial[task]);
  }

  private outOfTime(task: number): void {
    const { tasks } = this;
    if (this.nodes[tasks.node[task]].kind === "leaf") {
      this.runner(task).giveUp(task, outcomeCode.timedOut);
      this.over(task, outcomeCode.timedOut);
    } else {
      const request = tasks.request[task];
      this.dropAll(request, outcomeCode.timedOut);
      this.listener.broke(request, outcomeCode.timedOut);
    }
  }

  /** A stage has come to nothing for good. */
  private over(task: number, verdict: number): void {
    const { leaf } = this.runner(task);
    const request = this.tasks.request[task];
    if (leaf.goesOnWithout) {
      this.lack(request, leaf);
      this.complete(task);
      return;
    }
    // What goes on beside it is no longer wanted, which is not its own failure.
    this.dropAll(request, uncounted);
    this.listener.broke(request, verdict);
  }

  private complete(task: number): void {
    const { tasks, nodes } = this;
    const request = tasks.request[task];
    const parent = tasks.parent[task];
    this.close(task);
    if (parent === none) {
      this.listener.worked(request);
      return;
    }
    const group = nodes[tasks.node[parent]] as Group;
    if (group.kind === "sequence") this.goOn(parent, group);
    else if (--tasks.count[parent] === 0) this.complete(parent);
  }

  /** @param verdict what the breakers of those under way take it for, as in `giveUp` */
  private dropAll(request: number, verdict: number): void {
    const { requests, tasks, runners } = this;
    while (requests.task[request] !== none) {
      const task = requests.task[request];
      runners[tasks.node[task]]?.giveUp(task, verdict);
      this.close(task);
    }
  }

  private close(task: number): void {
    this.spent(task);
    this.tasks.close(task);
    this.account(this.tasks.request[task]);
  }

  /** The time of the request goes to what the last begun of its stages under way does. */
  private account(request: number): void {
    const { requests, tasks, nodes } = this;
    let task = requests.task[request];
    while (task !== none && nodes[tasks.node[task]].kind !== "leaf") task = tasks.before[task];
    if (task === none) return;
    const failedBy = tasks.waitsAfter[task];
    requests.time.enter(request, failedBy === none ? this.runner(task).cause : waitAfter(failedBy), this.simulation.now);
  }

  private spent(task: number): void {
    const { tasks, requests, simulation } = this;
    const node = this.nodes[tasks.node[task]];
    if (node.kind !== "leaf" || node.slot === none) return;
    requests.spend(tasks.request[task], node.slot, simulation.now - tasks.startedAt[task]);
  }

  private lack(request: number, { slot }: Leaf): void {
    if (slot !== none) this.requests.lacks[request] |= 1 << slot;
  }

  private runner(task: number): StageRunner {
    return this.runners[this.tasks.node[task]]!;
  }
}
