import type * as z from "zod";
import { embeddingSettings } from "../cache/semantic-cache-settings.ts";
import { similaritySettings } from "../cache/similarity.ts";
import { clientSettings } from "../client/client-settings.ts";
import { limitsSettings } from "../provider/limits/limits-settings.ts";
import { providerSettings } from "../provider/provider-settings.ts";
import { vectorStoreSettings } from "../retrieval/vector-store-settings.ts";
import { coldStartSettings } from "../serving/fleet/cold-start.ts";
import { engineSettings } from "../serving/replica/engine-settings.ts";
import { priceSettings } from "../serving/pool-price.ts";
import { rooflineSettings } from "../serving/roofline/efficiencies.ts";
import { gpuSettings } from "../serving/roofline/gpu-settings.ts";
import { llmSettings } from "../serving/roofline/llm-settings.ts";

/** What a profile of each kind must be, beside what it says about itself. */
export const profileSchemas: Readonly<Record<string, z.ZodType>> = {
  engines: engineSettings,
  llms: llmSettings,
  gpus: gpuSettings,
  rooflines: rooflineSettings,
  "cold-starts": coldStartSettings,
  "token-prices": providerSettings.shape.model,
  "gpu-prices": priceSettings,
  "provider-limits": limitsSettings,
  clients: clientSettings,
  "vector-stores": vectorStoreSettings,
  similarity: similaritySettings,
  embeddings: embeddingSettings,
};
