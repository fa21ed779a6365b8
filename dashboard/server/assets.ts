import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import * as path from "node:path";

export interface Asset {
  readonly type: string;
  readonly content: Buffer;
}

/** The page's files, by path. */
export interface Assets {
  /** Changes with any file. */
  readonly version: string;
  readonly files: ReadonlyMap<string, Asset>;
}

const FILES = [
  { path: "/", file: "index.html", type: "text/html; charset=utf-8" },
  { path: "/main.js", file: "main.js", type: "text/javascript; charset=utf-8" },
  { path: "/style.css", file: "style.css", type: "text/css; charset=utf-8" },
];

/** @param folder of the built page (page/build.json) */
export function readAssets(folder: string): Assets {
  const hash = createHash("sha256");
  const files = new Map<string, Asset>();
  for (const { path: url, file, type } of FILES) {
    const content = readFileSync(path.join(folder, file));
    hash.update(content);
    files.set(url, { type, content });
  }
  return { version: hash.digest("base64url").slice(0, 12), files };
}
