/** Imports go one way (design §2): each room may import the rooms named here, and itself. */
const side = ["base", "kernel", "traffic"];
const may = {
  base: [],
  kernel: ["base"],
  traffic: ["base", "kernel"],
  serving: side,
  provider: side,
  client: side,
  cache: side,
  retrieval: side,
  cost: side,
  scenario: [...side, "serving", "provider", "client", "cache", "retrieval", "cost"],
};
may.experiment = [...may.scenario, "scenario"];
may.report = [...may.experiment, "experiment"];
may.cli = [...may.report, "report"];

/** Where files may be read or threads started; everything else runs in a browser too. */
const outside = "^src/(cli/|traffic/trace-file|experiment/worker)";

module.exports = {
  forbidden: [
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } } },
    { name: "nothing-unresolved", severity: "error", from: {}, to: { couldNotResolve: true } },
    {
      name: "browser-safe",
      comment: "No node: import below cli/, the file-reading part of traffic/ and the worker pool.",
      severity: "error",
      from: { path: "^src/", pathNot: outside },
      to: { dependencyTypes: ["core"] },
    },
    ...Object.entries(may).map(([room, rooms]) => ({
      name: `${room}-looks-down`,
      severity: "error",
      from: { path: `^src/${room}/` },
      to: { path: "^src/", pathNot: `^src/(${[room, ...rooms].join("|")})/` },
    })),
  ],
  options: {
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "require", "node", "default", "types"] },
  },
};
