import type { CommandModule } from "yargs";
import { onceEach } from "../flags.ts";
import { checkCatalogue, checkFile } from "../models/check.ts";
import { type SizeFlags, sizeUnits } from "../models/size.ts";
import { listModels, showModel } from "../models/text.ts";

interface Flags {
  json: boolean;
  color: boolean;
}

const flags = {
  json: { type: "boolean", default: false, describe: "print one JSON document" },
  color: { type: "boolean", default: true, describe: "colours (also off with NO_COLOR)" },
} as const;

/** The catalogue, with sources. */
export function modelsCommand(): CommandModule {
  return {
    command: "models <command>",
    describe: "the catalogue: engines, models, GPUs, prices, cold starts, limits, clients, vector stores, each with its source",
    builder: (argv) =>
      argv
        .command(list)
        .command(show)
        .command(check)
        .command(size)
        .demandCommand(1, "say what to do")
        .example("$0 models show llama-3.1-70b-fp8/h100/tp4", "an engine: step time, KV, throughput, source, error"),
    handler: () => undefined,
  };
}

const list: CommandModule<object, Flags & { kind: string | undefined }> = {
  command: "list [kind]",
  describe: "names of all profiles, or of one kind: engines, llms, gpus, vector-stores, …",
  builder: (argv) => argv.positional("kind", { type: "string", describe: "kind of profiles" }).options(flags),
  handler: ({ kind, ...shown }) => print(listModels(kind, shown)),
};

const show: CommandModule<object, Flags & { name: string }> = {
  command: "show <name>",
  describe: "one profile: its numbers, what it comes to, where it is from, how sure it is",
  builder: (argv) => argv.positional("name", { type: "string", demandOption: true, describe: "name of a profile" }).options(flags),
  handler: ({ name, ...shown }) => print(showModel(name, shown)),
};

const check: CommandModule<object, Flags & { file: string | undefined }> = {
  command: "check [file]",
  describe: "whether all profiles, or those of a file of yours, make sense and stay within their hardware",
  builder: (argv) => argv.positional("file", { type: "string", describe: "file of profiles (YAML)" }).options(flags),
  handler: ({ file, ...shown }) => print(file === undefined ? checkCatalogue(shown) : checkFile(file, shown)),
};

const tokens = { type: "string", requiresArg: true, demandOption: true } as const;

const size: CommandModule<object, Flags & SizeFlags & { name: string }> = {
  command: "size <name>",
  describe: "provisioned units that steady traffic needs, step by step",
  builder: (argv) =>
    argv
      .positional("name", {
        type: "string",
        describe: "limits with provisioned units, such as azure-openai/ptu/gpt-5.2",
        demandOption: true,
      })
      .option("rpm", { ...tokens, describe: "calls per minute" })
      .option("input", { ...tokens, describe: "tokens of a prompt" })
      .option("output", { ...tokens, describe: "tokens of an answer" })
      .option("cached", { type: "string", requiresArg: true, default: "0%", describe: "share of the prompts that the prompt cache has" })
      .option("regional", { type: "boolean", default: false, describe: "only for a deployment in one region" })
      .option("global", { type: "boolean", default: false, describe: "only for one that may be anywhere" })
      .check(onceEach)
      .options(flags),
  handler: ({ name, rpm, input, output, cached, regional, global, ...shown }) =>
    print(sizeUnits(name, { rpm, input, output, cached, regional, global }, shown)),
};

function print(text: string): void {
  process.stdout.write(text);
}
