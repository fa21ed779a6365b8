#!/usr/bin/env node
// DuckDB runs each statement on a libuv thread; with the default of four, a fifth would wait. The pool is made at its
// first use, so this must come before anything else.
process.env.UV_THREADPOOL_SIZE ??= "16";
require("../dist/main.cjs");
