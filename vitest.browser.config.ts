import { existsSync } from "node:fs";
import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";

/** Where Linux distributions, and Google for Linux, macOS and Windows, install it. */
const PLACES = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "C:/Program Files/Google/Chrome/Application/chrome.exe",
];
const chromium = process.env.CHROMIUM || PLACES.find((path) => existsSync(path));
const found = chromium !== undefined && existsSync(chromium);
if (!found) {
  const message =
    `Tests in a browser need Chromium, which is not at ${chromium ?? PLACES.join(", ")}. ` +
    "Install it (Debian and Ubuntu: apt install chromium), or say where it is: CHROMIUM=/path/to/chromium";
  // Where tests decide on what is merged they run in full, or fail.
  if (process.env.CI || process.env.CHROMIUM) throw new Error(message);
  console.warn(`SKIPPED: ${message}`);
}

const project = (name: string, headers: Record<string, string>) => ({
  server: { headers },
  test: {
    name,
    include: ["src/**/*.browser.ts"],
    testTimeout: 60_000,
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({
        launchOptions: {
          executablePath: chromium,
          // Containers have no room for the sandbox; SwiftShader is the driver that every machine has.
          args: ["--no-sandbox", "--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"],
        },
      }),
      instances: [{ browser: "chromium" as const }],
    },
  },
});

// With these a page may share memory with its workers.
const isolated = { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" };

export default defineConfig({
  test: found
    ? { projects: [project("isolated", isolated), project("not isolated", {})] }
    : { include: [], passWithNoTests: true },
});
