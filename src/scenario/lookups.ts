import type { ExactCache } from "../cache/exact-cache.ts";
import { SemanticCache } from "../cache/semantic-cache.ts";
import type { Lookup } from "../client/path.ts";

/** A cache as clients meet it. @param write called when a semantic cache keeps a question, which its vector store then holds */
export function lookupOf(cache: ExactCache | SemanticCache, write: () => void = () => {}): Lookup {
  if (cache instanceof SemanticCache) {
    return {
      latency: 0,
      lookUp: (number, salt, question) => cache.lookUp(number, salt, question),
      gaveUp: () => cache.gaveUp(),
      join: () => false,
      leave: () => {},
      settle: (number, salt, question, answered) => {
        if (cache.settle(number, salt, question, answered)) write();
      },
    };
  }
  return {
    latency: cache.latency,
    lookUp: (number, salt, question) => (cache.lookUp(number, salt, question) ? "hit" : "miss"),
    gaveUp: () => {},
    join: (request, number, salt, question) => cache.join(request, number, salt, question),
    leave: (request, number, salt, question) => cache.leave(request, number, salt, question),
    settle: (number, salt, question, answered) => cache.settle(number, salt, question, answered),
  };
}
