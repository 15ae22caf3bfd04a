import type { Agenda } from "./plain-agenda.ts";
import type { Caller } from "./plain-client.ts";
import type { Running } from "./plain-dependency.ts";
import { namesIn, type PlainSemantic, type PlainStage } from "./plain-given-stages.ts";
import type { PlainFailure } from "./plain-given.ts";
import { callOnTheWay, doWork, inOrder, nothing, readOnce, timed, type Traveller } from "./plain-work.ts";

/** What the stages before the targets tell the request. */
interface Passing extends Traveller {
  /** Whether a rung of its ladder leaves this stage out now. */
  skips(stage: string): boolean;
  answered(cache: string, wrong: boolean): void;
  missed(cache: PlainSemantic): void;
  failed(ending: PlainFailure): void;
  /** The targets come next. */
  through(): void;
}

/** Walks through the stages of the class in order. */
export function passStages(agenda: Agenda, caller: Caller, passing: Passing): Running {
  const pass = (stage: PlainStage, then: () => void): Running => {
    if (stage.kind !== "parallel" && passing.skips(stage.name)) {
      if (stage.kind !== "exact" && stage.kind !== "semantic") for (const name of namesIn(stage)) passing.lacks(name);
      then();
      return nothing;
    }
    if (stage.kind === "semantic")
      return timed(agenda, passing, stage.name, "cache", (over) => lookUp(agenda, caller, passing, stage, over, then));
    if (stage.kind !== "exact") return doWork(agenda, caller, passing, stage, then, (ending) => passing.failed(ending));
    const { name, latency, hits } = stage;
    return timed(agenda, passing, name, "cache", (over) =>
      later(agenda, latency, () => over(hits ? () => passing.answered(name, false) : then)),
    );
  };
  return inOrder(caller.given.stages, pass, () => passing.through());
}

function later(agenda: Agenda, seconds: number, what: () => void): Running {
  let over = false;
  const come = (): void => {
    if (over) return;
    over = true;
    what();
  };
  if (seconds === 0) come();
  else agenda.after(seconds, come);
  return {
    state: () => (over ? "over" : "asking"),
    giveUp() {
      over = true;
    },
  };
}

/** Embeds, reads and decides; whatever goes wrong before the decision is a miss. */
function lookUp(
  agenda: Agenda,
  caller: Caller,
  passing: Passing,
  cache: PlainSemantic,
  ended: (then: () => void) => void,
  miss: () => void,
): Running {
  const { embedding, store, timeout } = cache;
  const meter = caller.semantic(cache.name);
  let over = false;
  let leave = (): void => {};
  const settled = (): boolean => {
    const before = over;
    over = true;
    return before;
  };
  const decide = (): void => {
    if (settled()) return;
    meter.lookups++;
    const random = caller.similarity(cache.name, passing.number);
    const { hitRate, wrongHitRate, deterministicShare } = cache;
    const mayHit = random.uniform() < deterministicShare;
    if (!mayHit || random.uniform() >= hitRate) {
      if (mayHit) passing.missed(cache);
      return ended(miss);
    }
    const wrong = random.uniform() < wrongHitRate / hitRate;
    meter.hits++;
    if (wrong) meter.wrong++;
    ended(() => passing.answered(cache.name, wrong));
  };
  const withoutDecision = (): void => {
    if (settled()) return;
    meter.lookups++;
    ended(miss);
  };
  const read = (): void => {
    if (over) return;
    leave = () => {};
    const goAway = readOnce(caller, store, passing.number, (ending) => (ending === "answered" ? decide() : withoutDecision()));
    if (!over) leave = goAway;
  };
  if (timeout !== undefined) {
    agenda.after(timeout, () => {
      if (over) return;
      leave();
      withoutDecision();
    });
  }
  if ("latency" in embedding) {
    agenda.after(embedding.latency, read);
  } else {
    let isSent = false;
    const goAway = callOnTheWay(caller, embedding.call, passing.prompt(), 1, (ending) => {
      isSent = true;
      if (ending === "answered") read();
      else withoutDecision();
    });
    if (!isSent) leave = goAway;
  }
  return {
    state: () => (over ? "over" : "asking"),
    giveUp() {
      if (!settled()) leave();
    },
  };
}
