/** Writes `models/scenario.schema.json`, by which editors check and complete scenarios: `npm run schema`. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { scenarioJsonSchema } from "../scenario/json-schema.ts";
import { modelsFolder } from "./catalogue.ts";

writeFileSync(join(modelsFolder, "scenario.schema.json"), `${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`);
