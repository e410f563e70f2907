/** Folders in which browsers that Linux distributions and Playwright install keep their Vulkan driver, SwiftShader. */
const FOLDERS = [
  "/usr/lib/chromium",
  "/usr/lib64/chromium",
  "/usr/lib/chromium-browser",
  "/usr/lib64/chromium-browser",
  "/opt/google/chrome",
];
const DESCRIPTION = "vk_swiftshader_icd.json";

// What dlopen takes in Linux: resolve all at once; keep the library though it is no add-on of Node.
const RTLD_NOW = 2;
const RTLD_NODELETE = 0x1000;

/**
 * Lets Node's WebGPU find a driver that computes on the CPU: that which `VK_ICD_FILENAMES` or `VK_DRIVER_FILES` name, or
 * else that of a browser.  Instances of WebGPU that are made afterwards find it.
 */
export function provideSoftwareDriver(): "found" | "none" {
  const { existsSync, readdirSync } = process.getBuiltinModule("node:fs");
  const { dirname, join } = process.getBuiltinModule("node:path");
  const { env } = process;
  const cache = env.PLAYWRIGHT_BROWSERS_PATH || join(env.HOME ?? "/", ".cache/ms-playwright");
  const browsers = existsSync(cache) ? readdirSync(cache).map((name) => join(cache, name, "chrome-linux")) : [];
  const known = [...FOLDERS, ...browsers].map((path) => join(path, DESCRIPTION)).find(existsSync);
  const driver = env.VK_DRIVER_FILES || env.VK_ICD_FILENAMES || known;
  if (!driver) return "none";
  env.VK_ICD_FILENAMES = driver;
  // The Vulkan loader itself may come with the browser, too; once in memory it is found by its name.
  const loader = join(dirname(driver), "libvulkan.so.1");
  if (existsSync(loader))
    try {
      process.dlopen({ exports: {} }, loader, RTLD_NOW | RTLD_NODELETE);
    } catch {}
  return "found";
}
