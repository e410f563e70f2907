import { defineConfig } from "vitest/config";

export default defineConfig({
  test: { include: ["src/**/*.test.ts", "validation/**/*.test.ts", "examples/**/*.test.ts"], testTimeout: 60_000 },
  resolve: { conditions: ["spinstream-source"] },
  ssr: { resolve: { conditions: ["spinstream-source"] } },
});
