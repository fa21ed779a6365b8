import { randomUUID } from "node:crypto";
import { request } from "node:http";
import { gzipSync } from "node:zlib";
import { PASSWORD } from "./fakeEngine";

export interface RawAnswer {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly bytes: Buffer;
}

export interface Envelope {
  readonly success: boolean;
  readonly code: string | null;
  readonly message: string | null;
  readonly data: Record<string, unknown> | null;
}

export interface RawOptions {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
}

/** One request, byte for byte as given: the path is not normalised. */
export function raw(port: number, path: string, options: RawOptions = {}): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const { method = "GET", headers, body } = options;
    const call = request({ host: "127.0.0.1", port, path, method, headers, agent: false }, (response) => {
      const parts: Buffer[] = [];
      response.on("data", (part: Buffer) => parts.push(part));
      response.on("error", reject);
      response.on("end", () => {
        resolve({ status: response.statusCode!, headers: response.headers, bytes: Buffer.concat(parts) });
      });
    });
    call.on("error", reject);
    call.end(body);
  });
}

/** Speaks the protocol without a driver. */
export class RawClient {
  sessionToken = "";
  masterToken = "";

  constructor(private readonly port: number) {}

  async post(
    path: string,
    body: unknown,
    token = this.sessionToken,
    headers: Record<string, string> = {},
  ): Promise<Envelope> {
    const answer = await raw(this.port, path, {
      method: "POST",
      headers: { "Content-Type": "application/json", Authorization: `Snowflake Token="${token}"`, ...headers },
      body: body === undefined ? "" : JSON.stringify(body),
    });
    return JSON.parse(answer.bytes.toString()) as Envelope;
  }

  async get(path: string): Promise<Envelope> {
    const headers = { Authorization: `Snowflake Token="${this.sessionToken}"` };
    return JSON.parse((await raw(this.port, path, { headers })).bytes.toString()) as Envelope;
  }

  /** Logs in with a gzip body, as the Python driver does. */
  async login(data: Record<string, unknown> = {}, query = ""): Promise<Envelope> {
    const body = gzipSync(JSON.stringify({ data: { LOGIN_NAME: "learner", PASSWORD, ...data } }));
    const answer = await raw(this.port, `/session/v1/login-request${query}`, {
      method: "POST",
      headers: { "Content-Encoding": "gzip", Authorization: 'Snowflake Token="None"' },
      body,
    });
    const envelope = JSON.parse(answer.bytes.toString()) as Envelope;
    if (envelope.data?.token) {
      this.sessionToken = envelope.data.token as string;
      this.masterToken = envelope.data.masterToken as string;
    }
    return envelope;
  }

  query(sqlText: string, requestId: string = randomUUID(), fields: Record<string, unknown> = {}): Promise<Envelope> {
    return this.post(`/queries/v1/query-request?requestId=${requestId}`, { sqlText, ...fields });
  }
}
