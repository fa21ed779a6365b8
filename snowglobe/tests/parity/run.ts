import { NodeClient } from "../server/nodeDriver";
import { PASSWORD, startSnowglobe, TestClient, type SqlFailure, type TestSnowglobe } from "../server";
import type { Cell, Expectation, Probe, Section, Step } from "./probe";

/** How an answer stands to what is documented. */
export type Verdict = "as documented" | "refused" | "differs";

/** What a probe found. */
export interface Finding {
  readonly probe: Probe;
  readonly verdict: Verdict;
  /** The value or rows, or the error's message. */
  readonly answer: string;
}

type Answer = { readonly rows: readonly (readonly Cell[])[] } | { readonly failure: SqlFailure };

/** Runs all probes, section by section, through snowflake-sdk against a snowglobe of their own. */
export async function runSections(sections: readonly Section[]): Promise<ReadonlyMap<Section, readonly Finding[]>> {
  const snowglobe = await startSnowglobe();
  try {
    const found = new Map<Section, readonly Finding[]>();
    for (const section of sections) found.set(section, await runSection(section, snowglobe));
    return found;
  } finally {
    await snowglobe.stop();
  }
}

/** A section has a database, a schema and a warehouse of its own, which are gone when it ends. */
async function runSection(section: Section, snowglobe: TestSnowglobe): Promise<Finding[]> {
  const client = new TestClient(
    await NodeClient.connect(snowglobe.port, {
      username: "ADMIN",
      password: PASSWORD,
      representNullAsStringNull: false,
    }),
  );
  await client.run(
    "create warehouse probe_wh warehouse_size = xsmall",
    "create or replace database probe_db",
    "create schema probe",
    "alter session set timezone = 'UTC'",
  );
  await prepare(section.before, client, snowglobe);
  const findings: Finding[] = [];
  for (const probe of section.probes) {
    findings.push(judge(probe, await answerOf(probe, client, snowglobe)));
  }
  await client.run("rollback", "use role accountadmin", "drop database probe_db", "drop warehouse probe_wh");
  await client.close();
  return findings;
}

async function prepare(steps: readonly Step[] = [], client: TestClient, snowglobe: TestSnowglobe): Promise<void> {
  for (const step of steps) await (typeof step === "number" ? snowglobe.advance(step) : client.run(step));
}

/** A preparation that fails is the answer: most of what is refused there is what the probe is about. */
async function answerOf(probe: Probe, client: TestClient, snowglobe: TestSnowglobe): Promise<Answer> {
  try {
    await prepare(probe.before, client, snowglobe);
    if (probe.by) return { rows: [[await probe.by(client.driver, probe.sql)]] };
    const { rows } = await client.driver.execute(probe.sql, {
      fetchAsString: ["String", "Boolean", "Number", "Date", "JSON", "Buffer"],
      rowMode: "array",
    });
    return { rows: (rows as unknown as unknown[][]).map((row) => row.map(cellOf)) };
  } catch (error) {
    const { code, sqlState, message } = error as SqlFailure;
    if (code === undefined) throw error;
    return { failure: { code, sqlState, message } };
  }
}

function cellOf(value: unknown): Cell {
  return value === null ? null : String(value);
}

function judge(probe: Probe, answer: Answer): Finding {
  const { expected } = probe;
  if ("failure" in answer) {
    const { message } = answer.failure;
    const text = message.replaceAll(/\s+/g, " ").trim();
    if (isError(expected) && text.includes(expected.error)) return { probe, verdict: "as documented", answer: text };
    // A refusal is never wrong; one that is expected is so by its name.
    const refused = /Unsupported feature '/.test(text);
    const named = !isRefusal(expected) || text.includes(`Unsupported feature '${expected.refused}'`);
    return { probe, verdict: refused && named ? "refused" : "differs", answer: text };
  }
  const isOne = answer.rows.length === 1 && answer.rows[0]!.length === 1;
  const text = isOne
    ? cellText(answer.rows[0]![0]!)
    : answer.rows.map((row) => row.map(cellText).join(", ")).join("; ");
  const same = JSON.stringify(rowsOf(expected)) === JSON.stringify(answer.rows);
  return { probe, verdict: same ? "as documented" : "differs", answer: text };
}

function rowsOf(expected: Expectation): readonly (readonly Cell[])[] | undefined {
  if (expected === null || typeof expected === "string") return [[expected]];
  return Array.isArray(expected) ? (expected as readonly (readonly Cell[])[]) : undefined;
}

function cellText(cell: Cell): string {
  return cell ?? "NULL";
}

function isError(expected: Expectation): expected is { readonly error: string } {
  return typeof expected === "object" && expected !== null && "error" in expected;
}

function isRefusal(expected: Expectation): expected is { readonly refused: string } {
  return typeof expected === "object" && expected !== null && "refused" in expected;
}
