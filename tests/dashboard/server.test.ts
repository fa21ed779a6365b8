/** Who may see the dashboard, what leaves it, and when it asks Snowflake. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request, type IncomingHttpHeaders, type OutgoingHttpHeaders } from "node:http";
import { connect } from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { applyPatch } from "../../dashboard/mergePatch";
import { startDashboard, type RunningDashboard } from "../../dashboard";
import { PASSWORD, startSnowglobe, type TestSnowglobe } from "../../snowglobe/tests/server";
import { makeModels, makeMonitoring, NAMES, sendMail } from "./balboa";

const TOKEN = "a token that is long enough";

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let snowglobe: TestSnowglobe;
let folder: string;
let dashboard: RunningDashboard;
/** How often a login was wanted. */
let logins = 0;

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), "dashboard-server-"));
  for (const file of ["index.html", "main.js", "class.html", "class.js", "style.css"])
    writeFileSync(path.join(folder, file), `this is ${file}`);
  snowglobe = await startSnowglobe();
  const client = await snowglobe.connect();
  await makeModels(client);
  await makeMonitoring(client);
  await sendMail(client, "Hello", "<p>a body</p>");
  dashboard = await startDashboard({
    port: 0,
    token: TOKEN,
    pageFolder: folder,
    names: NAMES,
    label: "a test",
    intervalSeconds: 1,
    isSparing: false,
    mailFolder: path.join(snowglobe.folder, "mail"),
    environment: () => {
      logins++;
      return {
        SNOWFLAKE_ACCOUNT: "local",
        SNOWFLAKE_HOST: "127.0.0.1",
        SNOWFLAKE_PORT: String(snowglobe.port),
        SNOWFLAKE_PROTOCOL: "http",
        SNOWFLAKE_USER: "ADMIN",
        SNOWFLAKE_PASSWORD: PASSWORD,
        SNOWFLAKE_WAREHOUSE: NAMES.warehouse,
      };
    },
  });
});

afterAll(async () => {
  await dashboard?.close();
  await snowglobe?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function ask(url: string, headers: OutgoingHttpHeaders = {}, method = "GET"): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { port } = dashboard;
    const asking = request({ host: "127.0.0.1", port, path: url, method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.once("end", () =>
        resolve({ status: response.statusCode!, headers: response.headers, body: Buffer.concat(chunks).toString() }),
      );
    });
    asking.once("error", reject);
    asking.end();
  });
}

const invitation = `/?token=${encodeURIComponent(TOKEN)}`;

async function cookie(): Promise<string> {
  const { headers } = await ask(invitation);
  return headers["set-cookie"]![0]!.split(";")[0]!;
}

/** Characters of the last change that was sent. */
let lastChange = 0;

/** Snapshots of a stream of events, as their changes make them, until there are enough. */
async function events(count: number, cookieText: string): Promise<string[]> {
  return new Promise((resolve, reject) => {
    let text = "";
    const headers = { cookie: cookieText };
    const asking = request(
      { host: "127.0.0.1", port: dashboard.port, path: "/events", headers, agent: false },
      (response) =>
        response.on("data", (chunk: Buffer) => {
          text += chunk.toString();
          const found = [...text.matchAll(/^event: (snapshot|change)\ndata: (.*)\n\n/gm)];
          if (found.length < count) return;
          asking.destroy();
          expect(found.map(([, event]) => event)).toEqual(["snapshot", ...found.slice(1).map(() => "change")]);
          lastChange = found.at(-1)![2]!.length;
          let snapshot = {};
          resolve(
            found.map(([, , data]) => JSON.stringify((snapshot = applyPatch(snapshot, JSON.parse(data!) as object)))),
          );
        }),
    );
    asking.once("error", reject);
    asking.end();
  });
}

test("without token or cookie there is nothing to see", async () => {
  for (const url of [
    "/",
    "/main.js",
    "/events",
    "/mail/1",
    "/?token=",
    "/?token=wrong",
    `/events?${invitation.slice(2)}`,
  ])
    expect(await ask(url)).toMatchObject({ status: 401, body: expect.stringContaining("./workshop dashboard") });
  expect((await ask("/", { cookie: `workshop_dashboard_${dashboard.port}=${TOKEN}` })).status).toBe(401);
});

test("a request for what is no address ends nothing but itself", async () => {
  const headers = { cookie: await cookie() };
  for (const target of ["//", "///", "//[", "//:0", "http://", "http://[::1/", "*", "/%", "/%zz", "//?token=%ff"]) {
    expect({ target, ...(await ask(target)) }).toMatchObject({ target, status: 401 });
    expect({ target, ...(await ask(target, headers)) }).toMatchObject({ target, status: 404 });
  }
  for (const line of ["GET", "GET /", "GET / HTTP/9.9", "\0", "GET / HTTP/1.1\r\nHost: a\r\nHost: b"]) {
    await new Promise<void>((resolve) => {
      const socket = connect(dashboard.port, "127.0.0.1", () => void socket.end(`${line}\r\n\r\n`));
      socket.on("error", () => undefined).on("close", () => resolve());
      socket.resume();
    });
  }
  expect((await ask("/", headers)).status).toBe(200);
});

test("the token is exchanged for a cookie that scripts and other sites do not get", async () => {
  const answer = await ask(invitation);
  expect(answer).toMatchObject({ status: 200, body: "this is index.html" });
  expect(answer.headers["set-cookie"]).toEqual([expect.stringMatching(/; Path=\/; HttpOnly; SameSite=Strict$/)]);
  expect(answer.headers["set-cookie"]![0]).not.toContain(TOKEN);
  expect(answer.headers["content-security-policy"]).toMatch(/^default-src 'self';/);
  expect(answer.headers["content-security-policy"]).not.toContain("unsafe");
  const headers = { cookie: await cookie() };
  expect((await ask("/style.css", headers)).headers["content-type"]).toBe("text/css; charset=utf-8");
  expect((await ask("/../package.json", headers)).status).toBe(404);
});

test("another name for this computer, another origin and anything but reading are refused", async () => {
  const headers = { cookie: await cookie() };
  for (const host of [
    "evil.example",
    `evil.example:${dashboard.port}`,
    "127.0.0.1",
    `127.0.0.1.evil:${dashboard.port}`,
  ])
    expect((await ask("/", { ...headers, host })).status).toBe(403);
  expect((await ask("/", { ...headers, host: `localhost:${dashboard.port}` })).status).toBe(200);
  expect((await ask("/events", { ...headers, origin: "https://evil.example" })).status).toBe(403);
  expect((await ask("/", headers, "POST")).status).toBe(405);
});

test("one login and one poll serve all pages; no secret reaches them; without a page nobody asks", async () => {
  const cookieText = await cookie();
  expect(logins).toBe(0);
  const [one, two] = await Promise.all([events(4, cookieText), events(4, cookieText)]);
  expect(logins).toBe(1);
  expect(JSON.parse(two.at(-1)!)).toEqual(JSON.parse(one.at(-1)!));
  const last = JSON.parse(one.at(-1)!) as { connection: { state: string }; cost: { warehouseReads: number } };
  expect(last.connection.state).toBe("connected");
  expect(one.join()).toContain("California");
  // Nothing has happened: times of reading are all that is sent.
  expect(lastChange).toBeLessThan(1_500);
  for (const secret of [PASSWORD, TOKEN, cookieText.split("=")[1]!]) expect(one.join()).not.toContain(secret);
  const [again] = await events(1, cookieText);
  const { cost } = JSON.parse(again!) as typeof last;
  // At most the poll that was under way when the pages went.
  expect(cost.warehouseReads - last.cost.warehouseReads).toBeLessThanOrEqual(1);
  expect(logins).toBe(1);
});

test("a mail's body is a document without any rights", async () => {
  const cookieText = await cookie();
  const seen = await events(3, cookieText);
  const { mails } = JSON.parse(seen.at(-1)!) as { mails: { data: { id: string; envelope: object }[] } };
  expect(mails.data).toMatchObject([{ envelope: { subject: "Hello", to: ["attendee@example.com"] } }]);
  const answer = await ask(`/mail/${mails.data[0]!.id}`, { cookie: cookieText });
  expect(answer).toMatchObject({ status: 200, body: expect.stringContaining("<p>a body</p>") });
  expect(answer.headers["content-security-policy"]).toMatch(/^sandbox; default-src 'none';/);
  for (const id of ["", "nothing", "..%2f..%2fpassword"])
    expect((await ask(`/mail/${id}`, { cookie: cookieText })).status).toBe(404);
});
