/** Go sources are formatted, where a Go toolchain is there to say so. Their own tests are run by `go test`. */
import { spawnSync } from "node:child_process";
import * as path from "node:path";
import { ROOT } from "./support";

const withGo = spawnSync("gofmt", ["-h"]).error ? test.skip : test;

withGo.each(["engine/cmd", "snowflake"])("the sources in %s are formatted", (folder) => {
  const { stdout, status } = spawnSync("gofmt", ["-l", path.join(ROOT, "plugins", folder)], { encoding: "utf8" });
  expect({ stdout, status }).toEqual({ stdout: "", status: 0 });
});
