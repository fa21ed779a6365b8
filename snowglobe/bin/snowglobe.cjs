#!/usr/bin/env node
// DuckDB runs each statement on a libuv thread; with the default of four, a fifth would wait. The pool is made at its
// first use, so this must come before anything else.
process.env.UV_THREADPOOL_SIZE ??= "16";
const { existsSync } = require("node:fs");
const path = require("node:path");

const program = path.join(__dirname, "../dist/main.cjs");
const build = path.join(__dirname, "../build.mjs");

/** In a checkout the program is built at the first start; the package that npm installs has it. */
async function start() {
  if (!existsSync(program)) {
    if (!existsSync(build)) throw new Error("dist/main.cjs is missing: install the package again");
    const { buildSnowglobe } = await import(build).catch((error) => {
      const missing = error.code === "ERR_MODULE_NOT_FOUND";
      throw missing ? new Error("its npm packages are missing: run npm ci in the checkout first") : error;
    });
    await buildSnowglobe();
  }
  require(program);
}

start().catch((error) => {
  console.error(`snowglobe: ${error.message}`);
  process.exit(1);
});
