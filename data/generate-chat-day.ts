/** Makes chat-day.csv and the table of its statistics in README.md, both the same on every run: `npm run data`. */
import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { type ChatRequests, chatRequests } from "./chat-day-requests.ts";
import { chatDay } from "./chat-day-settings.ts";
import { statisticsTable } from "./chat-day-table.ts";

export const chatDayFile = new URL("chat-day.csv", import.meta.url);
export const readmeFile = new URL("README.md", import.meta.url);

/** The requests as a CSV with the columns of Azure's traces; times are UTC. */
export function chatDayCsv(requests: ChatRequests): string {
  const lines = requests.milliseconds.map(
    (moment, i) => `${chatDay.date} ${timeOfDay(moment)},${requests.inputTokens[i]},${requests.outputTokens[i]}`,
  );
  return `TIMESTAMP,ContextTokens,GeneratedTokens\n${lines.join("\n")}\n`;
}

/** A README with the table between its two marks replaced. */
export function withTable(readme: string, table: string): string {
  const [start, end] = ["<!-- statistics -->\n", "<!-- end of statistics -->"];
  const [from, to] = [readme.indexOf(start), readme.indexOf(end)];
  if (from < 0 || to < from) throw new Error("README.md has lost the marks around its table");
  return `${readme.slice(0, from + start.length)}\n${table}\n${readme.slice(to)}`;
}

function timeOfDay(milliseconds: number): string {
  const two = (value: number) => String(Math.floor(value)).padStart(2, "0");
  const seconds = Math.floor(milliseconds / 1000);
  const fraction = String(milliseconds % 1000).padStart(3, "0");
  return `${two(seconds / 3600)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}.${fraction}`;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const requests = chatRequests(chatDay);
  const table = statisticsTable(requests);
  writeFileSync(chatDayFile, chatDayCsv(requests));
  writeFileSync(readmeFile, withTable(readFileSync(readmeFile, "utf8"), table));
  console.log(table);
}
