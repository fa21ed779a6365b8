import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Server } from "./clients";

/** Runs texts one after the other and prints the median in milliseconds. Passwords come by the environment. */
const SCRIPT = `
import json, os, statistics, sys, time
import snowflake.connector
given = json.load(sys.stdin)
connection = snowflake.connector.connect(
    host="127.0.0.1", port=given["port"], protocol="http", account="bench", user=given["user"],
    password=os.environ["BENCH_PASSWORD"], database="BENCH", schema="PUBLIC", warehouse="WH",
    session_parameters={"CLIENT_OUT_OF_BAND_TELEMETRY_ENABLED": False},
)
cursor = connection.cursor()
times = []
for text in given["texts"]:
    begun = time.perf_counter()
    cursor.execute(text)
    cursor.fetchall()
    times.append((time.perf_counter() - begun) * 1000)
print(statistics.median(times[len(times) // 4:]))
connection.close()
`;

/** The median of statements through the Python connector, in milliseconds. @param python of its virtual environment */
export async function pythonTimes(python: string, server: Server, texts: readonly string[]): Promise<number> {
  const running = promisify(execFile)(python, ["-c", SCRIPT], {
    env: { ...process.env, BENCH_PASSWORD: server.password },
  });
  running.child.stdin!.end(JSON.stringify({ port: server.port, user: server.user, texts }));
  return Number((await running).stdout.trim());
}
