import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import * as path from "node:path";

export interface Asset {
  readonly type: string;
  readonly content: Buffer;
}

const TYPES = {
  "index.html": "text/html; charset=utf-8",
  "main.js": "text/javascript; charset=utf-8",
  "class.html": "text/html; charset=utf-8",
  "class.js": "text/javascript; charset=utf-8",
  "style.css": "text/css; charset=utf-8",
} as const;

type AssetName = keyof typeof TYPES;

/** The pages; each has a mount of its own. */
export type PageFile = Extract<AssetName, `${string}.html`>;

/** The pages' files, by name. */
export interface Assets {
  /** Changes with any file. */
  readonly version: string;
  readonly files: ReadonlyMap<string, Asset>;
}

/** @param folder of the built pages (page/build.json) */
export function readAssets(folder: string): Assets {
  const hash = createHash("sha256");
  const files = new Map<string, Asset>();
  for (const [name, type] of Object.entries(TYPES)) {
    const content = readFileSync(path.join(folder, name));
    hash.update(content);
    files.set(name, { type, content });
  }
  return { version: hash.digest("base64url").slice(0, 12), files };
}
