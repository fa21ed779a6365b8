/** A settings file keeps its comments: it is written only where it must say something else. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import type { PulumiCommand } from "@pulumi/pulumi/automation";
import { settingsToWrite } from "../../cli/stack/settings";
import { readConfig, type ConfigKey } from "../../components/config";
import { fakePaths, newFolder, removeFolders, ROOT } from "./support/context";

afterAll(removeFolders);

/** Reading settings asks the engine nothing. */
const command = { version: null, run: () => Promise.reject(new Error("ran")) } as unknown as PulumiCommand;

test("settings that stand in the file are not written; those of an attendee are, over the base's", async () => {
  const root = newFolder();
  const paths = { ...fakePaths(), root };
  mkdirSync(root, { recursive: true });
  writeFileSync(path.join(root, "Pulumi.yaml"), "name: p\nruntime: nodejs\n");
  writeFileSync(
    path.join(root, "Pulumi.dev.yaml"),
    "# described\nencryptionsalt: v1:x\nconfig:\n  # here\n  workshop:target: account\n",
  );
  expect(await settingsToWrite(paths, { target: "account" }, command)).toBeUndefined();
  const alice = await settingsToWrite(paths, { target: "account", attendee: "alice" }, command);
  expect(alice).toEqual({ config: { "workshop:target": "account", "workshop:attendee": "alice" } });
});

test("every setting that Pulumi.dev.yaml describes is one, with a value that can be used", () => {
  const text = readFileSync(path.join(ROOT, "Pulumi.dev.yaml"), "utf8");
  const described = new Map(
    [...text.matchAll(/^ {2}(?:# )?workshop:(\w+): (.+)$/gm)].map(([, key, value]) => [key!, value!]),
  );
  const asked: string[] = [];
  const config = readConfig((key: ConfigKey) => (asked.push(key), described.get(key)), { stack: "dev", env: {} });
  expect(config.recipients).toEqual(["ada@example.com", "bob@example.com"]);
  // How dbt and the loader are started is for tests and development.
  const commands = ["dbtCommand", "loaderCommand"];
  expect([...described.keys()].sort()).toEqual([...new Set(asked)].filter((key) => !commands.includes(key)).sort());
});
