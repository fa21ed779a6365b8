/** Settings files are the user's: they are read, and neither written nor deleted. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import type { PulumiCommand } from "@pulumi/pulumi/automation";
import { settingsFolder, stackSettings } from "../../cli/stack/settings";
import { readConfig, type ConfigKey } from "../../components/config";
import { fakePaths, newFolder, removeFolders, ROOT } from "./support/context";

afterAll(removeFolders);

/** Reading settings asks the engine nothing. */
const command = { version: null, run: () => Promise.reject(new Error("ran")) } as unknown as PulumiCommand;

test("an attendee's settings are the base's, with their own over them; the files stay as they are", async () => {
  const root = newFolder();
  const paths = { ...fakePaths(), root };
  const files = {
    "Pulumi.yaml": "name: p\nruntime: nodejs\n",
    "Pulumi.dev.yaml": "# described\nconfig:\n  # here\n  workshop:target: account\n  workshop:states: NY\n",
    "Pulumi.dev-alice.yaml": "encryptionsalt: v1:x\nconfig:\n  workshop:states: CA\n",
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(root, name), text);
  expect(await stackSettings(paths, { target: "account" }, command)).toEqual({
    config: { "workshop:target": "account", "workshop:states": "NY" },
  });
  expect(await stackSettings(paths, { target: "account", attendee: "alice" }, command)).toEqual({
    encryptionSalt: "v1:x",
    config: { "workshop:target": "account", "workshop:states": "CA", "workshop:attendee": "alice" },
  });
  expect(readdirSync(root).sort()).toEqual(Object.keys(files).sort());
  for (const [name, text] of Object.entries(files)) expect(readFileSync(path.join(root, name), "utf8")).toBe(text);
});

test.each([{ target: "account" }, { target: "account", attendee: "alice" }, { target: "local" }] as const)(
  "the engine works on settings of %j elsewhere than in the checkout",
  (choice) => {
    const paths = fakePaths();
    expect(path.relative(paths.state, settingsFolder(paths, choice))).not.toMatch(/^\.\./);
  },
);

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
