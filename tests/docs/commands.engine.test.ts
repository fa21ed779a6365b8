/**
 * Runs every command of the pages in a copy of the checkout, in their order, with the real engine, loader, dbt and
 * snowglobe; those that destroy come last. What a block's mark asks for stands in commandLines.ts. The tests are one story
 * and run in their order.
 */
import { spawn, type ChildProcess } from "node:child_process";
import * as path from "node:path";
import { readRecord } from "../../cli/local/record";
import { CheckoutCopy } from "../cli/support/checkout";
import { removeFolders } from "../cli/support/context";
import { advance } from "../cli/support/pipeline";
import { documentationPictures, launchBrowser } from "../dashboard/browser";
import { commandLines, markOf, type CommandLine } from "./commandLines";
import { blocksOf, PAGES, type Block } from "./markdown";

const MINUTE = 60_000;
jest.setTimeout(20 * MINUTE);

/** Without `./workshop test`, which installs dbt and Pulumi, the first command may take long. */
const FIRST_MS = 40 * MINUTE;

/** Played in real time; others with snowglobe's clock moved, which asks the same of them. */
const REAL_TIME = "scenario errors";

/** Why a mark keeps a command from being run here. */
const NOT_RUN: Readonly<Partial<Record<CommandLine["mark"], string>>> = {
  account: "needs a Snowflake account",
  pulumi: "byHand.engine.test.ts runs it",
  tests: "runs tests itself",
};

/** A Python with the connector, as `./workshop test` names it. */
const python = process.env.SNOWGLOBE_TEST_PYTHON?.split(path.delimiter).at(-1);

/** A command, or a block of SQL or Python as a whole. */
type Step = Pick<CommandLine, "at" | "mark" | "text"> & { readonly language: string };

interface Ended {
  readonly code: number | null;
  readonly out: string;
}

interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  readonly out: () => string;
}

let checkout: CheckoutCopy;

const steps = PAGES.flatMap((page) => blocksOf(page)).flatMap(stepsOf);
const isLast = ({ text }: Step): boolean => /^\.\/workshop destroy\b/.test(text);
const titled = (list: readonly Step[]): [string, Step][] =>
  list.map((step) => [`${step.at} ${step.text.split("\n")[0]}`, step]);

beforeAll(() => {
  checkout = new CheckoutCopy();
  // What a clone has and a copy has not: the commits that a preview compares with.
  checkout.commit();
});

afterAll(async () => {
  await checkout.run("destroy", "--yes", "--force");
  await checkout.run("local", "stop");
  removeFolders();
}, 5 * MINUTE);

const runnable = steps.filter((step) => whyNot(step) === undefined);
test.each(titled(runnable.filter((step) => !isLast(step))))("%s", async (_title, step) => play(step), FIRST_MS);

const skipped = steps.filter((step) => whyNot(step) !== undefined);
if (skipped.length > 0)
  test.skip.each(titled(skipped).map(([title, step]) => [`${title} (skipped: ${whyNot(step)})`]))(
    "%s",
    () => undefined,
  );

test("the dashboard shows what the README says, once all states are loaded", async () => {
  // A quarter of an hour in which nothing changes, for the charts of the lag.
  await advance(checkout, 15 * 60);
  expect((await checkout.run("load")).code).toBe(0);
  await advance(checkout, 2 * 60);
  const browser = await launchBrowser();
  try {
    await playUntilInterrupted("./workshop dashboard", async (address) => {
      const page = await browser.newPage();
      await page.goto(address);
      const shows = (selector: string, text: string): Promise<void> =>
        page.locator(selector).filter({ hasText: text }).first().waitFor({ timeout: MINUTE });
      await shows("#standard .headline", "7,429 loans in 1 state");
      await shows("#dynamic .headline", "6,514 loans in 10 states");
      await shows("#failures", "49 failures in 1 test");
      await shows("#pipeline", "42,535 rows");
      await shows("#mails", "Data tests fail in BALBOA_DEV.WORKSHOP");
      await documentationPictures(browser, address);
    });
  } finally {
    await browser.close();
  }
});

test.each(titled(runnable.filter(isLast)))("%s", async (_title, step) => play(step));

test("nothing is left", () => {
  expect(checkout.leftOvers()).toEqual([]);
  expect(checkout.processes()).toEqual([]);
});

function stepsOf(block: Block): Step[] {
  if (block.language === "sh") return commandLines(block).map((line) => ({ ...line, language: "sh" }));
  return ["sql", "python"].includes(block.language) ? [{ ...block, mark: markOf(block) }] : [];
}

function whyNot({ language, mark }: Step): string | undefined {
  if (language === "python" && !python) return "SNOWGLOBE_TEST_PYTHON names no Python with the connector";
  return NOT_RUN[mark];
}

async function play(step: Step): Promise<void> {
  if (step.mark === "runs on") return playUntilInterrupted(step.text);
  const { code, out } = await start(step).ended;
  if (code !== 0) throw new Error(`${step.at}: ended with ${code}:\n${step.text}\n\n${out}`);
}

/**
 * An endless command must say so, serve what it names, and end well with Ctrl-C.
 *
 * @param look what is done meanwhile with the address that it names
 */
async function playUntilInterrupted(text: string, look = isServed): Promise<void> {
  // On a computer with a screen it would open a browser there, and the usual port may be taken.
  const { child, ended, out } = shell(`exec ${text}${text.includes("dashboard") ? " --no-open --port 0" : ""}`);
  const began = new Promise<void>((resolve) => {
    child.stdout?.on("data", () => {
      if (/until Ctrl-C/.test(out())) resolve();
    });
  });
  try {
    await Promise.race([began, ended]);
    const address = /http:\/\/127\.0\.0\.1:\S+/.exec(out())?.[0];
    expect({ address, out: out() }).toMatchObject({ address: expect.any(String) as string });
    await look(address!);
  } finally {
    child.kill("SIGINT");
  }
  expect((await ended).code).toBe(0);
}

async function isServed(address: string): Promise<void> {
  expect((await fetch(address)).status).toBe(200);
}

function start(step: Step): Running {
  if (step.language === "sh") return shell(asked(step));
  if (step.language === "sql") return shell("./workshop sql -", step.text);
  // The copy's snowglobe listens on a port of its own.
  const port = readRecord(checkout.paths.snowglobe)!.port;
  return spawned(python!, ["-c", step.text.replaceAll("8437", String(port))]);
}

/** A command that asks gets its answer beforehand. */
function asked({ mark, text }: Step): string {
  if (mark !== "asks") return text;
  return `${text} --yes${/^\.\/workshop scenario/.test(text) && !text.includes(REAL_TIME) ? " --fast" : ""}`;
}

function shell(text: string, input?: string): Running {
  return spawned("/bin/sh", ["-e", "-c", text], input);
}

function spawned(program: string, args: readonly string[], input?: string): Running {
  const child = spawn(program, args, {
    cwd: checkout.root,
    env: { ...process.env, WORKSHOP_SNOWGLOBE_PORT: "0", WORKSHOP_STATE_DIR: "", NO_COLOR: "1" },
    stdio: [input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
  });
  const chunks: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk: Buffer) => chunks.push(chunk));
  child.stdin?.end(input);
  const out = (): string => Buffer.concat(chunks).toString();
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, out: out() }));
  });
  return { child, ended, out };
}
