import { derivedNames } from "./derived-names.ts";
import type { Mapping } from "../document/path.ts";
import type { Catalogue, Refusal } from "../document/profiles.ts";
import { engineFloor } from "./engine-floor.ts";
import { engineHint } from "./engine-hint.ts";
import { parseEngineName } from "./engine-name.ts";
import { type Facts, factsOf } from "./facts.ts";
import { engineInPlace, rooflined, standardEfficiencies } from "./roofline-request.ts";

const kind = "engines";

type Found = { readonly profile: Mapping } | { readonly refusal: Refusal };

/**
 * The catalogue with an engine for every model on every GPU: what models/engines does not name is derived from the parts of its name.
 * Shipped profiles that promise more than their hardware can do are refused.
 */
export function withDerivedEngines(catalogue: Catalogue): Catalogue {
  const facts = factsOf(catalogue);
  const known = new Map<string, Found>();
  const engine = (name: string): Found => {
    const found = known.get(name) ?? shipped(name, catalogue, facts) ?? derived(name, catalogue, facts);
    known.set(name, found);
    return found;
  };
  return {
    find(asked, name) {
      if (asked !== kind) return catalogue.find(asked, name);
      const found = engine(name);
      return "profile" in found ? found.profile : undefined;
    },
    names(asked) {
      const names = catalogue.names(asked);
      return asked === kind ? [...new Set([...names, ...derivedNames(catalogue, facts)])] : names;
    },
    refusal(asked, name) {
      const found = asked === kind ? engine(name) : undefined;
      return found !== undefined && "refusal" in found ? found.refusal : undefined;
    },
    derive: (asked, written) => (asked === kind ? engineInPlace(written, facts) : undefined),
  };
}

function shipped(name: string, catalogue: Catalogue, facts: Facts): Found | undefined {
  const profile = catalogue.find(kind, name) as Mapping | undefined;
  if (profile === undefined) return undefined;
  const [first] = engineFloor(name, profile, facts);
  if (first === undefined) return { profile };
  const message = `the profile \`${name}\` is refused: ${first}`;
  return { refusal: { code: "out-of-range", message, hint: "no engine beats its hardware: look for a wrong unit or the wrong GPU" } };
}

function derived(name: string, catalogue: Catalogue, facts: Facts): Found {
  const parts = parseEngineName(name);
  if (parts === undefined) {
    const message = `there is no profile \`${name}\` among the engines`;
    return { refusal: { code: "unknown-name", message, hint: engineHint(name, catalogue, facts) } };
  }
  const found = rooflined({ ...parts, efficiencies: standardEfficiencies }, facts);
  if ("profile" in found) return found;
  return { refusal: found.refusal };
}
