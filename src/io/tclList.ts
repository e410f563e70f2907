/** Lists of Tcl, in which OOMMF's files hold names and units. */
import { InputError } from "../checks.ts";

/** An entry of a list.  Throws an InputError for text that would need escapes, which not every reader knows. */
export function listEntry(what: string, text: string): string {
  if (/[{}\\]/.test(text)) throw new InputError(what, text, "text without braces and backslashes");
  return text === "" || /[\s"[\]$;#]/.test(text) ? `{${text}}` : text;
}

/** The entries of a list, grouped by braces or quotes. */
export const listEntries = (list: string): string[] =>
  [...list.matchAll(/\{([^{}]*)\}|"([^"]*)"|(\S+)/g)].map(([, braced, quoted, bare]) => braced ?? quoted ?? bare);
