import { UserError } from "../errors";
import { readControlToken, type SnowglobeRecord } from "./record";

const HEALTH_TIMEOUT_MS = 2_000;

export interface Health {
  readonly status: string;
  readonly version: string;
  readonly instanceId?: string;
  readonly pid?: number;
}

/** Asks a port of this computer whether a snowglobe answers; undefined when none does. */
async function healthOf(port: number): Promise<Health | undefined> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/healthz`, {
      signal: AbortSignal.timeout(HEALTH_TIMEOUT_MS),
    });
    const body = (await response.json()) as Partial<Health>;
    return response.ok && body.status === "ok" ? (body as Health) : undefined;
  } catch {
    return undefined;
  }
}

/** Whether the process that wrote the record still serves it; another one may listen on its port by now. */
export async function isServing(record: SnowglobeRecord): Promise<boolean> {
  const health = await healthOf(record.port);
  if (!health) return false;
  return health.instanceId === undefined ? health.pid === record.pid : health.instanceId === record.instanceId;
}

/** Asks a snowglobe to stop gracefully. False when it did not take the request. */
export async function requestShutdown(dataDir: string, port: number): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/control/shutdown`, {
      method: "POST",
      headers: { authorization: `Bearer ${readControlToken(dataDir)}` },
      signal: AbortSignal.timeout(HEALTH_TIMEOUT_MS),
    });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

/**
 * Moves a snowglobe's clock ahead, and returns when all that became due on the way has run: refreshes, tasks, alerts, mail.
 *
 * @throws UserError when it does not do so
 */
export async function advanceClock(dataDir: string, port: number, seconds: number): Promise<void> {
  const refusal = (reason: string): UserError => new UserError(`snowglobe's clock cannot be moved: ${reason}`);
  let response: Response;
  try {
    response = await fetch(`http://127.0.0.1:${port}/control/advance`, {
      method: "POST",
      headers: { authorization: `Bearer ${readControlToken(dataDir)}`, "content-type": "application/json" },
      body: JSON.stringify({ seconds }),
    });
  } catch (error) {
    throw refusal(error instanceof Error ? error.message : String(error));
  }
  const answer = await response.text();
  if (!response.ok) throw refusal(answer);
}
