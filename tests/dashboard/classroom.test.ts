/** The wall of a class: what is read of an account with several environments, and who may see which page. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request, type IncomingHttpHeaders } from "node:http";
import * as os from "node:os";
import * as path from "node:path";
import {
  memberLook,
  readAccount,
  readMemberDetails,
  readNow,
  ReadingSession,
  startClassDashboard,
  type MemberLook,
  type RunningClassDashboard,
} from "../../dashboard";
import { PASSWORD, startSnowglobe, type TestClient, type TestSnowglobe } from "../../snowglobe/tests/server";
import { ALL_STATES, loadStatement, makeModels, makeMonitoring, NAMES, sendMail } from "./balboa";

jest.setTimeout(120_000);

const ADA = { name: "ada", names: NAMES };
const BOB = { name: "bob", names: { ...NAMES, rawDatabase: "BOB_RAW", analyticsDatabase: "BOB_BALBOA_DEV" } };

let snowglobe: TestSnowglobe;
let client: TestClient;
let session: ReadingSession;
let folder: string;
let wall: RunningClassDashboard;

const environment = (): Record<string, string> => ({
  SNOWFLAKE_ACCOUNT: "local",
  SNOWFLAKE_HOST: "127.0.0.1",
  SNOWFLAKE_PORT: String(snowglobe.port),
  SNOWFLAKE_PROTOCOL: "http",
  SNOWFLAKE_USER: "ADMIN",
  SNOWFLAKE_PASSWORD: PASSWORD,
  SNOWFLAKE_WAREHOUSE: NAMES.warehouse,
});

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), "dashboard-class-"));
  for (const file of ["index.html", "main.js", "class.html", "class.js", "style.css"])
    writeFileSync(path.join(folder, file), `this is ${file}`);
  snowglobe = await startSnowglobe();
  client = await snowglobe.connect();
  await makeModels(client);
  await makeMonitoring(client);
  session = await ReadingSession.open(environment());
  wall = await startClassDashboard({
    port: 0,
    token: "the instructor's own token",
    pageFolder: folder,
    label: "a test",
    intervalSeconds: 1,
    isSparing: false,
    environment,
    members: [
      { ...ADA, environment, token: "the token of Ada's page" },
      { ...BOB, environment, token: "the token of Bob's page" },
    ],
  });
});

afterAll(async () => {
  await wall?.close();
  await session?.close();
  await snowglobe?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function lookAt(member: typeof ADA): Promise<MemberLook> {
  const account = await readAccount(session, NAMES);
  const details = await readMemberDetails(session, member.names, account);
  return memberLook(member, account, details, { now: await readNow(session) });
}

test("an environment's story: deployed, other states, failures, mail; and one that is not there", async () => {
  expect(await lookAt(ADA)).toMatchObject({
    step: "deployed",
    loans: 7_429,
    standardStates: 1,
    dynamicStates: 1,
    targetSeconds: 60,
    failures: 0,
    captured: 0,
    stuck: [],
  });
  await client.run(loadStatement(ALL_STATES));
  await snowglobe.advance(70);
  expect(await lookAt(ADA)).toMatchObject({ loans: 13_943, dynamicStates: 10, standardStates: 1, failures: 10 });
  await sendMail(client, "Hello", "<p>a body</p>");
  const { step, lastMailAt, loadedAt } = await lookAt(ADA);
  expect(step).toBe("mail sent");
  expect(Date.parse(lastMailAt!)).toBeGreaterThan(Date.parse(loadedAt!));
  expect(await lookAt(BOB)).toEqual({ name: "bob", step: "not deployed", stuck: [] });
});

test("who is stuck, and why", async () => {
  const { analyticsDatabase: database, analyticsSchema: schema } = NAMES;
  await client.run(`alter dynamic table ${database}.${schema}.stg_personal_loans suspend`);
  await client.run(`alter task ${database}.${schema}.${NAMES.captureTask} suspend`);
  const { stuck } = await lookAt(ADA);
  expect(stuck).toEqual(
    expect.arrayContaining(["STG_PERSONAL_LOANS is suspended", "CAPTURE_ERRORS_TASK is suspended"]),
  );
  await client.run(`alter dynamic table ${database}.${schema}.stg_personal_loans resume`);
});

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

function ask(url: string, cookie?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = cookie ? { cookie } : {};
    const asking = request({ host: "127.0.0.1", port: wall.port, path: url, headers, agent: false }, (response) => {
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

const target = (address: string): string => address.slice(`http://127.0.0.1:${wall.port}`.length);

test("a member's link opens her own page and no other; the wall's opens all", async () => {
  const [ada, bob] = wall.links.map(({ address }) => target(address));
  const opened = await ask(ada!);
  expect(opened).toMatchObject({ status: 200, body: "this is index.html" });
  const [herCookie] = opened.headers["set-cookie"]!;
  expect(herCookie).toMatch(/; Path=\/ada\/; HttpOnly; SameSite=Strict$/);
  const hers = herCookie!.split(";")[0]!;
  expect(await ask("/ada/main.js", hers)).toMatchObject({ status: 200 });
  for (const other of ["/", "/bob/", "/bob/events", "/events", "/class.js"])
    expect({ other, ...(await ask(other, hers)) }).toMatchObject({ other, status: 401 });
  // Her token opens no page but hers, and hers no token but her own.
  expect((await ask(ada!.replace("/ada/", "/bob/"))).status).toBe(401);
  expect((await ask(bob!.replace("/bob/", "/"))).status).toBe(401);

  const first = await ask(target(wall.address));
  expect(first).toMatchObject({ status: 200, body: "this is class.html" });
  const all = first.headers["set-cookie"]![0]!.split(";")[0]!;
  for (const page of ["/", "/ada/", "/bob/", "/class.js"])
    expect({ page, ...(await ask(page, all)) }).toMatchObject({ page, status: 200 });
});

test("a page without its token says what to do, in words and as a page", async () => {
  const { status, headers, body } = await ask("/");
  expect(status).toBe(401);
  expect(headers["content-type"]).toMatch(/^text\/html/);
  expect(body).toContain("Open the address that ./workshop dashboard prints");
});
