import { defineConfig } from "vitest/config";

export default defineConfig({
  test: { include: ["*.test.ts", "{src,validation,examples}/**/*.test.ts"], testTimeout: 60_000 },
  resolve: { conditions: ["spinstream-source"] },
  ssr: { resolve: { conditions: ["spinstream-source"] } },
});
