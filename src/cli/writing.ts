import { PlanError } from "../base/plan-error.ts";

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "its folder does not exist",
  ENOTDIR: "its folder is a file",
  EISDIR: "it is a folder",
  EACCES: "permission is denied",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full",
};

/** Carries out what writes to `file`; the file system's refusal is the user's mistake, anything else stays what it is. */
export function writing(flag: string, file: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    throw refusal(flag, file, error);
  }
}

/** The same of what writes in the background. */
export async function writingLater(flag: string, file: string, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    throw refusal(flag, file, error);
  }
}

function refusal(flag: string, file: string, error: unknown): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (code === undefined || syscall === undefined) return error;
  return new PlanError({ code: "bad-flag", path: flag, message: `cannot be written: ${reasons[code] ?? code}`, value: file });
}
