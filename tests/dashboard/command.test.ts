/** `./workshop dashboard`: what it starts the server with, what it says, and how it ends. The server is replaced. */
import { readFileSync, statSync } from "node:fs";
import * as path from "node:path";
import { dashboard } from "../../cli/commands/dashboard";
import { openerOf } from "../../cli/output/browser";
import { stackConnection } from "../../cli/stack/connection";
import type { DashboardOptions } from "../../dashboard";
import { fakeContext, fakePaths, removeFolders } from "../cli/support/context";
import { NAMES } from "./balboa";

const started = jest.fn<Promise<unknown>, [DashboardOptions]>();
jest.mock("../../dashboard", () => ({ startDashboard: (options: DashboardOptions) => started(options) }));
jest.mock("../../cli/stack/connection", () => ({
  stackConnection: jest.fn(),
  flagsOf: () => " --attendee bob",
}));

const close = jest.fn<Promise<void>, []>();

beforeEach(() => {
  close.mockReset().mockResolvedValue();
  started.mockReset().mockResolvedValue({ port: 1, address: "http://127.0.0.1:1/?token=x", close });
  jest.mocked(stackConnection).mockResolvedValue({
    environment: { SNOWFLAKE_USER: "ADMIN", SNOWFLAKE_ROLE: "TRANSFORMER_DBT", SNOWFLAKE_WAREHOUSE: NAMES.warehouse },
    names: NAMES as unknown as Awaited<ReturnType<typeof stackConnection>>["names"],
  });
});
afterAll(removeFolders);

/** A context whose page is "built", and that is interrupted as soon as the server runs. */
function context(): ReturnType<typeof fakeContext> {
  // The folder `dashboard` in it is this one: there is something to serve.
  const build = path.dirname(__dirname);
  const made = fakeContext({ paths: { ...fakePaths(), build }, env: { A: "1" } });
  started.mockImplementation(() => {
    made.interrupt.pull();
    return Promise.resolve({ port: 1, address: "http://127.0.0.1:1/?token=x", close });
  });
  return made;
}

const options = { target: "local", port: 8440, intervalSeconds: 5, open: false } as const;

test("it prints the address, reads as the stack's role, and closes the server at Ctrl-C", async () => {
  const made = context();
  await dashboard(made, options);
  expect(made.out()).toContain("http://127.0.0.1:1/?token=x");
  const given = started.mock.calls[0]![0];
  expect(given).toMatchObject({ port: 8440, intervalSeconds: 5, isSparing: false, names: NAMES });
  expect(given.mailFolder).toBe(path.join(made.paths.snowglobe, "mail"));
  expect(await given.environment()).toMatchObject({ A: "1", SNOWFLAKE_ROLE: "TRANSFORMER_DBT" });
  expect(close).toHaveBeenCalledTimes(1);
});

test("the token is a secret of the stack's, the same at the next start", async () => {
  const made = context();
  await dashboard(made, options);
  await dashboard(made, options);
  const [first, second] = started.mock.calls.map(([{ token }]) => token);
  expect(first).toMatch(/^[\w-]{32}$/);
  expect(second).toBe(first);
  const file = path.join(made.paths.stacks, "local", "dashboard-token");
  expect(readFileSync(file, "utf8").trim()).toBe(first);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(made.out()).not.toContain(first);
});

test("on an account it reads sparingly, says what that costs, and knows no mailbox", async () => {
  const made = context();
  await dashboard(made, { ...options, target: "account" });
  expect(started.mock.calls[0]![0]).toMatchObject({ isSparing: true });
  expect(started.mock.calls[0]![0]).not.toHaveProperty("mailFolder");
  expect(made.out()).toMatch(/may start the warehouse/);
});

test("a taken port is said in one line, with the way out", async () => {
  const made = context();
  started.mockRejectedValue(Object.assign(new Error("listen"), { code: "EADDRINUSE" }));
  await expect(dashboard(made, options)).rejects.toThrow(
    "Port 8440 on 127.0.0.1 is taken, perhaps by another dashboard: ./workshop dashboard --attendee bob --port 8441",
  );
});

test.each([
  ["darwin", "open"],
  ["win32", "rundll32"],
  ["linux", "xdg-open"],
] as const)("on %s %s opens the browser", (platform, program) => {
  const [found, args] = openerOf(platform, "http://127.0.0.1:1/?token=a&b");
  expect([found, args.at(-1)]).toEqual([program, "http://127.0.0.1:1/?token=a&b"]);
});
