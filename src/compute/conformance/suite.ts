import { afterAll, beforeAll, describe, it } from "vitest";
import type { Backend } from "../backend.ts";
import { arithmetic } from "./arithmetic.ts";
import { columns } from "./columns.ts";
import { elementary } from "./elementary.ts";
import { failures } from "./failures.ts";
import { filmErrors, films } from "./films.ts";
import { loops } from "./loops.ts";
import { parameters, sharing, types } from "./parameters.ts";
import { places } from "./places.ts";
import { programs } from "./programs.ts";
import { reductions } from "./reductions.ts";
import { storage } from "./storage.ts";
import { Twin } from "./twin.ts";

/**
 * What a backend has to do, checked against the interpreter or closed forms.
 * @param missing why there is no such backend here; all is skipped then
 */
export function conformance(name: string, open: () => Promise<Backend>, missing?: string): void {
  describe.skipIf(missing !== undefined)(missing === undefined ? name : `${name} (${missing})`, () => {
    let backend: Backend;
    beforeAll(async () => {
      backend = await open();
    });
    afterAll(async () => backend?.destroy());

    const twice = (title: string, body: (twin: Twin) => Promise<void>) =>
      it(title, async () => {
        const twin = new Twin(backend);
        try {
          await body(twin);
        } finally {
          twin.release();
        }
      });

    arithmetic(twice);
    places(twice);
    columns(twice);
    loops(twice);
    parameters(twice);
    types(twice);
    sharing(twice);
    reductions(twice);
    programs(twice);
    films(twice);
    elementary(twice);
    storage(() => backend);
    filmErrors(() => backend);
    failures(() => backend, open);
  });
}
