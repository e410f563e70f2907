/** What to tell a user of an error: its message; the stack as well when the environment variable DEBUG is set. */
export function describeFailure(error: unknown): string {
  if (!(error instanceof Error)) return `error: ${String(error)}`;
  // Errors of the input say it all; of others the class helps ("TypeError").
  const isPlain = ["Error", "InputError", "SimulationError"].includes(error.name);
  const message = `${isPlain ? "error" : error.name}: ${error.message || "without a message"}`;
  if (process.env.DEBUG) return `${message}\n${error.stack}`;
  return isPlain ? message : `${message}\n(DEBUG=1 shows where)`;
}
