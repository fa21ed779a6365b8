import { readdir, readFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { SMTPServer } from "smtp-server";
import { prepare } from "../refresh/pipeline";
import { startSnowglobe, type TestClient, type TestSnowglobe } from "../server";

let snowglobe: TestSnowglobe;
let client: TestClient;

beforeEach(async () => {
  snowglobe = await startSnowglobe();
  client = await snowglobe.connect();
  await prepare(client);
  await client.run(
    "alter user admin set email = 'admin@example.com'",
    "create user ann email = 'Ann@example.com'",
    "create notification integration mails type = email enabled = true",
  );
});
afterEach(() => snowglobe.stop());

/** The mails in the mailbox, oldest first. */
async function mailbox(): Promise<string[]> {
  const folder = path.join(snowglobe.folder, "mail");
  const names = await readdir(folder).catch(() => []);
  return Promise.all(names.sort().map((name) => readFile(path.join(folder, name), "utf8")));
}

describe("the integration", () => {
  test("SHOW and DESCRIBE say what CREATE and ALTER set", async () => {
    await client.run(
      `create or replace notification integration mails type = email enabled = true
       allowed_recipients = ('admin@example.com', 'ann@example.com') default_subject = 'Hello' comment = 'c'`,
      "alter notification integration mails set enabled = false",
    );
    const [shown] = await client.rows("show notification integrations like 'mails'");
    expect(shown).toMatchObject({
      name: "MAILS",
      type: "EMAIL",
      category: "NOTIFICATION",
      enabled: false,
      comment: "c",
    });
    const described = await client.rows("describe notification integration mails");
    expect(Object.fromEntries(described.map((row) => [row.property, row.property_value]))).toEqual({
      ENABLED: "false",
      DIRECTION: "OUTBOUND",
      ALLOWED_RECIPIENTS: "admin@example.com,ann@example.com",
      DEFAULT_RECIPIENTS: "",
      DEFAULT_SUBJECT: "Hello",
      COMMENT: "c",
    });
    await client.run("drop notification integration if exists mails", "drop notification integration if exists mails");
    expect(await client.rows("show notification integrations")).toEqual([]);
  });

  test("addresses that are no user's are refused, with their places", async () => {
    const failure = await client.failure(
      "create notification integration x type = email enabled = true allowed_recipients = ('admin@example.com', 'who@example.com')",
    );
    expect(failure).toEqual({
      code: "394209",
      sqlState: "22023",
      message:
        "Email recipients in the given list at indexes [2] are not allowed. Either these email addresses are not yet validated or do not belong to any user in the current account.",
    });
  });

  test("at most 50 addresses; other types by name; who may not is told so", async () => {
    const many = Array.from({ length: 51 }, () => "'admin@example.com'").join(", ");
    const prefix = "create notification integration x enabled = true type =";
    expect((await client.failure(`${prefix} email allowed_recipients = (${many})`)).message).toContain("51 addresses");
    expect((await client.failure(`${prefix} queue`)).code).toBe("000002");
    await client.run("create role plain", "grant role plain to user admin", "use role plain");
    expect((await client.failure(`${prefix} email`)).code).toBe("003001");
    expect((await client.failure("call system$send_email('mails', 'admin@example.com', 's', 'b')")).message).toBe(
      "Integration 'mails' does not exist or not authorized.",
    );
  });
});

describe("SYSTEM$SEND_EMAIL", () => {
  test("by CALL and by SELECT; the mail lies in the mailbox when the statement has ended", async () => {
    expect(
      await client.value("call system$send_email('mails', 'admin@example.com, ann@example.com', 'Hi', 'body ' || 1)"),
    ).toBe(true);
    expect(
      await client.value("select system$send_email('mails', 'ann@example.com', 'Html', '<b>x</b>', 'text/html')"),
    ).toBe(true);
    const [first, second] = (await mailbox()).sort((a, b) => Number(a.includes("Html")) - Number(b.includes("Html")));
    expect(first).toContain("To: admin@example.com, ann@example.com");
    expect(first).toContain("From: Snowflake Computing <no-reply@snowflake.net>");
    expect(first).toMatch(/Subject: Hi\r\n/);
    expect(first).toMatch(/\r\n\r\nbody 1/);
    expect(second).toContain("Content-Type: text/html");
    expect(second).toContain("<b>x</b>");
  });

  test.each([
    ["'mails', 'who@example.com', 's', 'b'", "394209", "at indexes [1] are not allowed"],
    [
      "'mails', 'admin@example.com', 's', ''",
      "394209",
      "Invalid email content length 0. Should be between 1 and 128,000.",
    ],
    ["'mails', 'admin@example.com', 's', repeat('x', 128001)", "394209", "Invalid email content length 128001."],
    ["'mails', 'admin@example.com', '', 'b'", "394209", "Invalid email subject length 0."],
    ["'nobody', 'admin@example.com', 's', 'b'", "394200", "Integration 'nobody' does not exist or not authorized."],
    ["'mails', 'admin@example.com', 's', 'b', 'image/png'", "394209", "Invalid mime type 'image/png'"],
  ])("call system$send_email(%s) is refused and sends nothing", async (args, code, message) => {
    const failure = await client.failure(`call system$send_email(${args})`);
    expect(failure).toMatchObject({ code, message: expect.stringContaining(message) });
    expect(await mailbox()).toEqual([]);
  });

  test("an address outside of ALLOWED_RECIPIENTS keeps the mail from everybody", async () => {
    await client.run("alter notification integration mails set allowed_recipients = ('admin@example.com')");
    const failure = await client.failure(
      "call system$send_email('mails', 'admin@example.com,ann@example.com', 's', 'b')",
    );
    expect(failure.message).toBe(
      "Following email address(es) are not allowed by the email integration MAILS: [ann@example.com]",
    );
    expect(await mailbox()).toEqual([]);
  });

  test("inside of a larger query it is refused by name, and a switched-off integration sends nothing", async () => {
    await client.run("create table t as select 1 a");
    const call = "system$send_email('mails', 'admin@example.com', 's', 'b')";
    expect((await client.failure(`select ${call} from t`)).code).toBe("000002");
    expect((await client.failure(`select a, ${call} from t`)).code).toBe("000002");
    await client.run("alter notification integration mails set enabled = false");
    expect((await client.failure(`call ${call}`)).message).toBe("Integration 'MAILS' is not enabled.");
    expect(await mailbox()).toEqual([]);
  });
});

describe("SYSTEM$SEND_SNOWFLAKE_NOTIFICATION", () => {
  test("with the helpers, from a block, with text and HTML", async () => {
    await client.run(`begin
      let html varchar := '<h1>Errors</h1>';
      call system$send_snowflake_notification(
        array_construct(snowflake.notification.text_html(:html || '!'), snowflake.notification.text_plain('Errors')),
        snowflake.notification.email_integration_config(
          'mails', 'alert: errors', array_construct('ann@example.com'), array_construct('admin@example.com'), null));
    end`);
    const mails = await mailbox();
    expect(mails).toHaveLength(1);
    for (const part of [
      "Subject: alert: errors",
      "To: ann@example.com",
      "Cc: admin@example.com",
      "<h1>Errors</h1>!",
      "text/plain",
    ]) {
      expect(mails[0]).toContain(part);
    }
  });

  test("the helpers' JSON leaves out what is NULL", async () => {
    expect(
      JSON.parse(
        (await client.value(
          "select snowflake.notification.email_integration_config('m', 's', array_construct('a@b'), null, null)",
        )) as string,
      ),
    ).toEqual({ m: { subject: "s", toAddress: ["a@b"] } });
    expect(await client.value("select snowflake.notification.integration('m')")).toBe('{"m":{}}');
    expect(await client.value("select snowflake.notification.text_html('<p>\"x\"</p>')")).toBe(
      '{"text/html":"<p>\\"x\\"</p>"}',
    );
  });

  test("default recipients and subject of the integration; bcc alone is refused", async () => {
    const plain = "snowflake.notification.text_plain('b')";
    const failure = await client.failure(
      `call system$send_snowflake_notification(${plain}, '{"mails": {"bccAddress": ["admin@example.com"]}}')`,
    );
    expect(failure.message).toContain("No recipients");
    await client.run(
      "alter notification integration mails set default_recipients = ('ann@example.com') default_subject = 'Default'",
    );
    expect(
      await client.value(
        `call system$send_snowflake_notification(${plain}, snowflake.notification.integration('mails'))`,
      ),
    ).toBe("Enqueued notifications");
    const [mail] = await mailbox();
    expect(mail).toContain("To: ann@example.com");
    expect(mail).toContain("Subject: Default");
  });
});

test("NOTIFICATION_HISTORY tells what was sent, also after a restart", async () => {
  await client.run("call system$send_email('mails', 'admin@example.com', 's', 'b')");
  const sql = "select integration_name, status, error_message from table(d.information_schema.notification_history())";
  const row = { INTEGRATION_NAME: "MAILS", STATUS: "SUCCESS", ERROR_MESSAGE: null };
  expect(await client.rows(sql)).toEqual([row]);
  await snowglobe.restart();
  expect(await (await snowglobe.connect()).rows(sql)).toEqual([row]);
});

describe("with a relay", () => {
  test("mails also go there, blind copies in the envelope alone; a refusal stands in the history", async () => {
    const received: { to: string[]; text: string }[] = [];
    const relay = new SMTPServer({
      authOptional: true,
      disabledCommands: ["STARTTLS"],
      onRcptTo: (address, _, callback) =>
        callback(address.address.startsWith("ann@") && received.length > 0 ? new Error("no such mailbox") : null),
      onData: (stream, session, callback) => {
        const chunks: Buffer[] = [];
        stream.on("data", (chunk: Buffer) => chunks.push(chunk));
        stream.on("end", () => {
          received.push({
            to: session.envelope.rcptTo.map((one) => one.address),
            text: Buffer.concat(chunks).toString(),
          });
          callback();
        });
      },
    });
    await new Promise<void>((resolve) => relay.listen(0, "127.0.0.1", resolve));
    const { port } = relay.server.address() as AddressInfo;
    const relayed = await startSnowglobe({ smtpUrl: `smtp://127.0.0.1:${port}` });
    try {
      const user = await relayed.connect();
      await prepare(user);
      await user.run(
        "alter user admin set email = 'admin@example.com'",
        "create user ann email = 'ann@example.com'",
        "create notification integration mails type = email enabled = true",
        `call system$send_snowflake_notification('{"text/plain": "hello"}',
          '{"mails": {"subject": "s", "toAddress": ["admin@example.com"], "bccAddress": ["ann@example.com"]}}')`,
      );
      await relayed.mailer.idle();
      expect(received).toHaveLength(1);
      expect(received[0]!.to).toEqual(["admin@example.com", "ann@example.com"]);
      expect(received[0]!.text).toContain("hello");
      expect(received[0]!.text).not.toContain("ann@example.com");
      await user.run("call system$send_email('mails', 'ann@example.com', 's', 'b')");
      await relayed.mailer.idle();
      const states = await user.column(
        "select status from table(information_schema.notification_history()) order by 1",
      );
      expect(states).toEqual(["FAILURE", "SUCCESS"]);
    } finally {
      await relayed.stop();
      await new Promise<void>((resolve) => relay.close(() => resolve()));
    }
  });
});
