/**
 * For `node --require`: appends each host that the process connects to, a line each, to the file WORKSHOP_TEST_HOSTS.
 */
const { appendFileSync } = require("node:fs");
const { Socket } = require("node:net");

const connect = Socket.prototype.connect;
Socket.prototype.connect = function (...args) {
  // net.connect hands its arguments on as one array.
  const [first, second] = Array.isArray(args[0]) ? args[0] : args;
  const host = typeof first === "object" ? (first.path ?? first.host) : second;
  appendFileSync(process.env.WORKSHOP_TEST_HOSTS, `${String(host ?? "localhost")}\n`);
  return connect.apply(this, args);
};
