import { randomUUID } from "node:crypto";
import { existsSync, readdirSync, rmdirSync, rmSync } from "node:fs";
import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { packedTask, type StoredTask, unpackedTask } from "./stored-task.ts";

/** Finished tasks in a run folder, one file each: `tasks/<first two digits>/<id>.json.gz`. */
export interface TaskStore {
  /** What was kept of a task; undefined where nothing is, or where it is damaged. */
  readonly read: (id: string) => Promise<StoredTask | undefined>;
  /** Keeps what a task came to: once this is done, no interruption loses it. */
  readonly keep: (stored: StoredTask) => Promise<void>;
  /** How many files were found damaged. */
  readonly damaged: () => number;
  /** How many tasks are kept in the folder. */
  readonly count: () => number;
  /** Removes what was neither read nor kept: tasks of earlier runs, and files that were not written to the end. */
  readonly tidy: () => void;
}

/** What lies in the folder of tasks, as seen from the run folder. */
export const taskFiles = /^tasks(\/[0-9a-f]{2}(\/[0-9a-f]{64}\.json\.gz(\.[\w-]+\.part)?)?)?$/;

const ending = ".json.gz";

/** @param folder the run folder, which need not be there until something is kept */
export function openTaskStore(folder: string): TaskStore {
  const tasks = join(folder, "tasks");
  const fileOf = (id: string): string => join(tasks, id.slice(0, 2), `${id}${ending}`);
  const used = new Set<string>();
  let damaged = 0;
  const files = (): string[] => (existsSync(tasks) ? readdirSync(tasks, { recursive: true, encoding: "utf8" }) : []);
  return {
    async read(id) {
      let bytes: Uint8Array;
      try {
        bytes = await readFile(fileOf(id));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ENOENT") damaged++;
        return undefined;
      }
      const stored = await unpackedTask(bytes, id);
      if (stored === undefined) damaged++;
      else used.add(id);
      return stored;
    },
    async keep(stored) {
      const file = fileOf(stored.id);
      const bytes = await packedTask(stored);
      await mkdir(dirname(file), { recursive: true });
      const part = `${file}.${randomUUID()}.part`;
      try {
        await writeSafely(part, bytes);
        await rename(part, file);
      } catch (error) {
        await rm(part, { force: true });
        throw error;
      }
      used.add(stored.id);
    },
    damaged: () => damaged,
    count: () => files().filter((file) => file.endsWith(ending)).length,
    tidy() {
      for (const file of files()) {
        const name = file.slice(3);
        if (name !== "" && !(name.endsWith(ending) && used.has(name.slice(0, -ending.length)))) rmSync(join(tasks, file), { force: true });
      }
      const folders = [...new Set(files().map((file) => file.slice(0, 2)))].map((two) => join(tasks, two));
      for (const one of [...folders, tasks]) if (existsSync(one) && readdirSync(one).length === 0) rmdirSync(one);
    },
  };
}

/** Once this is done, the bytes are on the disk. */
async function writeSafely(file: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(file, "wx");
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
