/**
 * Behaves as the snowglobe program does towards whoever starts it: data folder, record, health, shutdown. It answers no
 * SQL. FAKE_SNOWGLOBE_FAIL makes it end with that line instead.
 */
const fs = require("node:fs");
const http = require("node:http");
const path = require("node:path");
const { randomUUID } = require("node:crypto");

const option = (name) => process.argv[process.argv.indexOf(`--${name}`) + 1];
const data = option("data");
const file = (name) => path.join(data, name);
const once = (name) => {
  if (!fs.existsSync(file(name))) fs.writeFileSync(file(name), randomUUID(), { mode: 0o600 });
  return fs.readFileSync(file(name), "utf8");
};

if (process.env.FAKE_SNOWGLOBE_FAIL) {
  console.error(process.env.FAKE_SNOWGLOBE_FAIL);
  process.exit(1);
}
fs.mkdirSync(data, { recursive: true, mode: 0o700 });
const instanceId = once("snowglobe.duckdb");
once("password");
const token = once("control-token");
const stop = () => {
  fs.rmSync(file("snowglobe.json"), { force: true });
  process.exit(0);
};
const server = http.createServer((request, response) => {
  if (request.url === "/healthz") {
    response.end(JSON.stringify({ status: "ok", version: "0.0.0", instanceId }));
  } else if (request.url === "/control/shutdown" && request.headers.authorization === `Bearer ${token}`) {
    response.end("{}", stop);
  } else {
    response.writeHead(403).end();
  }
});
server.once("error", (error) => {
  console.error(`snowglobe: ${error.message}`);
  process.exit(1);
});
server.listen(Number(option("port")), "127.0.0.1", () => {
  const record = {
    pid: process.pid,
    port: server.address().port,
    version: "0.0.0",
    startedAt: new Date().toISOString(),
    instanceId,
  };
  fs.writeFileSync(file("snowglobe.json"), JSON.stringify(record));
});
process.on("SIGTERM", () => process.env.FAKE_SNOWGLOBE_DEAF || stop());
