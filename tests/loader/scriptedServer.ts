import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A row of text, or a failure (`error` and `code`). */
export type ScriptedRow = Readonly<Record<string, string | undefined>>;

/**
 * The least of a Snowflake server that snowflake-sdk needs: it takes a login, records statements, answers each with a
 * scripted row, and takes uploads by presigned URL. It runs no SQL.
 */
export class ScriptedServer {
  readonly statements: string[] = [];
  /** Bodies of uploaded files. */
  readonly uploads: Buffer[] = [];
  logouts = 0;
  /** What a statement is answered with. */
  script: (sql: string) => ScriptedRow | Promise<ScriptedRow> = () => ({ status: "ok" });
  private port = 0;
  private readonly server: Server = createServer((request, response) => void this.serve(request, response));

  constructor(private readonly password: string) {}

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    this.port = (this.server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** The environment of a client of this server. */
  get environment(): Record<string, string> {
    return {
      SNOWFLAKE_ACCOUNT: "scripted",
      SNOWFLAKE_USER: "ALICE",
      SNOWFLAKE_PASSWORD: this.password,
      SNOWFLAKE_HOST: "127.0.0.1",
      SNOWFLAKE_PORT: String(this.port),
      SNOWFLAKE_PROTOCOL: "http",
    };
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const body = Buffer.concat(parts);
    const { pathname, searchParams } = new URL(request.url!, "http://server");
    if (request.method === "PUT") {
      this.uploads.push(body);
      response.end();
      return;
    }
    let answer: object = { success: true, code: null, message: null, data: null };
    if (pathname === "/session/v1/login-request") answer = this.login(body);
    else if (pathname === "/queries/v1/query-request") answer = await this.query(body);
    else if (pathname === "/session" && searchParams.has("delete")) this.logouts++;
    response.setHeader("content-type", "application/json").end(JSON.stringify(answer));
  }

  private login(body: Buffer): object {
    const { data } = JSON.parse(body.toString()) as { data: { PASSWORD?: string } };
    if (data.PASSWORD !== this.password) {
      return { success: false, code: "390100", message: "Incorrect username or password was specified.", data: {} };
    }
    const tokens = { token: "t", masterToken: "m", validityInSeconds: 3600, masterValidityInSeconds: 14400 };
    return {
      success: true,
      code: null,
      message: null,
      data: { ...tokens, sessionId: 1, parameters: [], sessionInfo: {} },
    };
  }

  private async query(body: Buffer): Promise<object> {
    const { sqlText } = JSON.parse(body.toString()) as { sqlText: string };
    // In presigned mode the driver repeats each PUT with the bare file name, to ask for the file's own URL.
    if (/^PUT 'file:\/\/[^/]/.test(sqlText)) return this.upload(sqlText);
    this.statements.push(sqlText);
    const row = await this.script(sqlText);
    if (row.error !== undefined) {
      return {
        success: false,
        code: row.code,
        message: row.error,
        data: { errorCode: row.code, sqlState: "02000", queryId: "q" },
      };
    }
    if (sqlText.startsWith("PUT ")) return this.upload(sqlText);
    const rowtype = Object.keys(row).map((name) => ({
      name,
      type: "text",
      nullable: true,
      length: 100,
      precision: null,
      scale: null,
    }));
    const data = {
      rowtype,
      rowset: [Object.values(row)],
      total: 1,
      returned: 1,
      queryId: "q",
      parameters: [],
      version: 1,
      queryResultFormat: "json",
    };
    return { success: true, code: null, message: null, data };
  }

  private upload(sql: string): object {
    const path = /^PUT 'file:\/\/([^']+)'/.exec(sql)![1]!;
    const stageInfo = {
      locationType: "GCS",
      location: "stage/",
      region: "",
      creds: {},
      presignedUrl: `http://127.0.0.1:${this.port}/stage/${path.split("/").at(-1)!}`,
    };
    const data = {
      command: "UPLOAD",
      src_locations: [path],
      autoCompress: false,
      sourceCompression: "gzip",
      overwrite: true,
      parallel: 4,
      threshold: 209_715_200,
      stageInfo,
      presignedUrls: [],
      encryptionMaterial: null,
      queryId: "q",
      parameters: [],
    };
    return { success: true, code: null, message: null, data };
  }
}
