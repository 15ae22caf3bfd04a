/** What the client of a class has done so far. Counts are of attempts unless they say otherwise. */
export class ClientMeter {
  /** Attempts sent to a target. */
  sent = 0;
  /** Sent beside one under way, and those of them that gave the answer. */
  hedges = 0;
  hedgesWon = 0;
  /** Retries of either loop that were due, and those of them that a retry budget forbade. */
  retries = 0;
  retriesForbidden = 0;
  /** Seconds of back-off before the others, as planned when they became due: patience may end one sooner. */
  backoffSeconds = 0;
  /** Times that a call did not ask a target, since its breaker was open, or since it had spilled over to the next. */
  brokenOff = 0;
  spilledOver = 0;
  /** Times that a breaker opened. */
  breakerOpened = 0;
  /** Attempts given up at an attempt's own time-out. */
  attemptsTimedOut = 0;
}
