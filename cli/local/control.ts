import { readControlToken, type SnowglobeRecord } from "./record";

const HEALTH_TIMEOUT_MS = 2_000;

export interface Health {
  readonly status: string;
  readonly version: string;
  readonly instanceId?: string;
  readonly pid?: number;
}

/** Asks a port of this computer whether a snowglobe answers; undefined when none does. */
export async function healthOf(port: number): Promise<Health | undefined> {
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
