import type { Simulation } from "../../kernel/simulation.ts";
import type { ColdStart } from "./cold-start.ts";
import { startPhases, type WarmState } from "./lifecycle.ts";
import type { Member } from "./member.ts";

/** What becomes of members on their way. */
interface StartHooks {
  enter(member: Member, state: Member["state"]): void;
  /** Its start is over: it can serve, or wait in the warm pool. */
  arrived(member: Member): void;
}

/** Takes members through their starts, one event for each phase that takes time. */
export class Starts {
  private readonly simulation: Simulation;
  private readonly coldStart: ColdStart;
  private readonly hooks: StartHooks;
  private readonly phaseOver: number;

  /** @param members by number */
  constructor(simulation: Simulation, coldStart: ColdStart, members: readonly Member[], hooks: StartHooks) {
    this.simulation = simulation;
    this.coldStart = coldStart;
    this.hooks = hooks;
    this.phaseOver = simulation.handler((number, epoch) => {
      const member = members[number];
      if (member.epoch === epoch) this.nextPhase(member, member.phase + 1);
    });
  }

  fromNothing(member: Member): void {
    this.coldStart.fromNothing(member.phases);
    this.nextPhase(member, 0);
  }

  /** Once more on the same node, after a crash. */
  again(member: Member): void {
    this.coldStart.restart(member.phases);
    this.nextPhase(member, 0);
  }

  fromWarm(member: Member, state: WarmState): void {
    member.phase = startPhases.length;
    this.hooks.enter(member, "resuming");
    this.simulation.after(this.coldStart.fromWarm(state), this.phaseOver, member.number, member.epoch);
  }

  /** Enters the first phase from `from` on that takes time; behind the last it has arrived. */
  private nextPhase(member: Member, from: number): void {
    const { phases } = member;
    let phase = from;
    while (phase < phases.length && phases[phase] === 0) phase++;
    if (phase >= phases.length && from > 0) {
      this.hooks.arrived(member);
      return;
    }
    // Also a start that takes no time at all is over in an event of its own.
    member.phase = Math.min(phase, phases.length - 1);
    this.hooks.enter(member, startPhases[member.phase]);
    this.simulation.after(phases[member.phase], this.phaseOver, member.number, member.epoch);
  }
}
