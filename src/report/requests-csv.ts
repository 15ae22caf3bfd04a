import type { RequestColumns } from "../experiment/request-columns.ts";
import { csvField } from "./csv.ts";
import { outcomeCode, outcomes } from "../traffic/outcome.ts";

export const requestsHeader = "request,class,arrival_s,input_tokens,output_tokens,outcome,target,attempts,ttft_s,total_s";
const rowsPerChunk = 4096;

/**
 * One row per offered request, in order of arrival (design §5), in chunks of text. `request` counts arrivals from 0 over all classes;
 * `target`, `ttft_s` and `total_s` are empty unless it was served. Seconds have nine decimals at most.
 */
export function* requestRows(columns: RequestColumns): Generator<string> {
  let chunk = [requestsHeader];
  for (let row = 0; row < columns.count; row++) {
    chunk.push(rowOf(columns, row));
    if (chunk.length === rowsPerChunk) {
      yield `${chunk.join("\n")}\n`;
      chunk = [];
    }
  }
  if (chunk.length > 0) yield `${chunk.join("\n")}\n`;
}

function rowOf(columns: RequestColumns, row: number): string {
  const arrivedAt = columns.arrivedAt[row];
  const served = columns.outcome[row] === outcomeCode.served;
  return [
    columns.first + row,
    csvField(columns.classes[columns.trafficClass[row]]),
    seconds(arrivedAt),
    columns.inputTokens[row],
    columns.outputTokens[row],
    outcomes[columns.outcome[row]],
    served ? csvField(columns.targets[columns.servedBy[row]]) : "",
    columns.attempts[row],
    served ? seconds(columns.firstTokenAt[row] - arrivedAt) : "",
    served ? seconds(columns.endedAt[row] - arrivedAt) : "",
  ].join(",");
}

function seconds(value: number): string {
  return String(Number(value.toFixed(9)));
}
