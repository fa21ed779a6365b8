/**
 * Tells (exit code 0 or 1) whether node_modules holds what package-lock.json asks for, without any package: npm notes
 * what it installed in node_modules/.package-lock.json. So somebody's own `npm ci` is not repeated.
 */
import { readFileSync } from "node:fs";

/** @param {string} file */
const packages = (file) => JSON.parse(readFileSync(file, "utf8")).packages;

/** @returns {boolean} */
function isInstalled() {
  try {
    const wanted = packages("package-lock.json");
    const there = packages("node_modules/.package-lock.json");
    return Object.entries(wanted).every(([name, entry]) => {
      if (name === "" || entry.link || !name.startsWith("node_modules/")) return true;
      const found = there[name];
      // npm leaves out what is for other platforms.
      if (!found) return Boolean(entry.optional || entry.devOptional || entry.peer);
      // The lock file knows no checksum of some packages for other platforms than its maker's.
      return found.version === entry.version && (!entry.integrity || found.integrity === entry.integrity);
    });
  } catch {
    return false;
  }
}

process.exitCode = isInstalled() ? 0 : 1;
