import { stat } from "node:fs/promises";
import { basename, extname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { InputError } from "../checks.ts";
import { createRunFolder } from "../io/index.ts";
import { Interruption, ScriptSession, type Status } from "./scriptSession.ts";
import type { Session } from "./session.ts";

export interface RunOptions {
  /** Folder in which the folder of this run is made. */
  readonly out: string;
  readonly quiet?: boolean;
  /** Output folder of an interrupted run of the same script: its runs go on from where they stopped. */
  readonly resume?: string;
}

/** Exit codes by the signal that asked to stop: 128 + its number, as shells have it. */
const SIGNALS = { SIGINT: 130, SIGTERM: 143 } as const;

/** Runs a script and returns the exit code: 0 complete, 1 failed, 130 or 143 interrupted. */
export async function runScript(path: string, { out, quiet = false, resume }: RunOptions): Promise<number> {
  const script = resolve(path);
  const work = await loadScript(script);
  const folder = await createRunFolder(out, basename(script, extname(script)));
  const controller = new AbortController();
  const session = new ScriptSession({
    script,
    folder,
    signal: controller.signal,
    quiet,
    resume,
    progress: process.stderr,
  });
  const rejections = new UnhandledRejections();
  const stop = (signal: keyof typeof SIGNALS): void => {
    const code = SIGNALS[signal];
    if (controller.signal.aborted) process.exit(code);
    process.exitCode = code;
    controller.abort();
    if (!quiet) console.error("\nStopping; once more to stop without saving.");
  };
  for (const signal of Object.keys(SIGNALS)) process.on(signal, stop);
  let status: Status = "complete";
  let failure: unknown;
  try {
    await work(session);
    await session.settle();
    await rejections.throwFirst();
  } catch (error) {
    status = "failed";
    failure = error;
  }
  if (controller.signal.aborted) {
    status = "interrupted";
    // What a script makes of half a result is not its fault, but may be worth reading.
    if (failure instanceof Interruption) failure = undefined;
  }
  // Runs that a failed script left behind stop here.
  const code = controller.signal.aborted ? Number(process.exitCode) : status === "failed" ? 1 : 0;
  controller.abort();
  await session.settle();
  await session.close(status, failure);
  for (const signal of Object.keys(SIGNALS)) process.off(signal, stop);
  rejections.forget();
  return code;
}

/** The default export of a script.  Throws an InputError when there is no such file or no such function. */
async function loadScript(script: string): Promise<(session: Session) => unknown> {
  const isFile = await stat(script).then(
    (entry) => entry.isFile(),
    () => false,
  );
  if (!isFile) throw new InputError("script", script, "a file that exists");
  const module = await import(pathToFileURL(script).href).catch((error) => {
    if (error?.code === "ERR_MODULE_NOT_FOUND" && /'spinstream'/.test(error.message)) {
      throw new Error(`${script} does not find the package spinstream; run "npm install spinstream" in its folder`, {
        cause: error,
      });
    }
    throw error;
  });
  if (typeof module.default !== "function") {
    throw new InputError(
      "script: default export",
      module.default,
      "a function",
      "Write: export default async (session) => { … }",
    );
  }
  return module.default;
}

/** Errors of promises that the script let go of. */
class UnhandledRejections {
  private readonly reasons = new Map<Promise<unknown>, unknown>();
  private readonly add = (reason: unknown, promise: Promise<unknown>): void => {
    this.reasons.set(promise, reason);
  };
  private readonly remove = (promise: Promise<unknown>): void => {
    this.reasons.delete(promise);
  };

  constructor() {
    process.on("unhandledRejection", this.add);
    process.on("rejectionHandled", this.remove);
  }

  async throwFirst(): Promise<void> {
    // Node reports them after all that is due has run.
    await new Promise((resume) => setImmediate(resume));
    for (const reason of this.reasons.values()) throw reason;
  }

  forget(): void {
    process.off("unhandledRejection", this.add);
    process.off("rejectionHandled", this.remove);
  }
}
