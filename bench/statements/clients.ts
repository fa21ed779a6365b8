import "../../loader/driverSettings";
import { randomUUID } from "node:crypto";
import { Agent, request } from "node:http";
import { DuckDBInstance } from "@duckdb/node-api";
import snowflake from "snowflake-sdk";

snowflake.configure({ logLevel: "OFF" });

/** Somebody who runs statements, one after the other. */
export interface Runner {
  run(sql: string): Promise<void>;
  close(): Promise<void>;
}

/** Where a server is, and who logs in. */
export interface Server {
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

/** snowflake-sdk. */
export async function driver({ port, user, password }: Server, place: object): Promise<Runner> {
  const connection = snowflake.createConnection({
    account: "bench",
    accessUrl: `http://127.0.0.1:${port}`,
    username: user,
    password,
    ...place,
  });
  await new Promise<void>((resolve, reject) => connection.connect((error) => (error ? reject(error) : resolve())));
  return {
    run: (sqlText) =>
      new Promise((resolve, reject) => {
        connection.execute({ sqlText, complete: (error) => (error ? reject(error) : resolve()) });
      }),
    close: () => new Promise((resolve) => connection.destroy(() => resolve())),
  };
}

/** What the protocol answers. */
interface Envelope {
  readonly success: boolean;
  readonly message: string;
  readonly data: {
    readonly token: string;
    readonly rowset?: readonly (readonly (string | null)[])[];
    readonly chunks?: readonly { readonly url: string }[];
  };
}

/** Speaks the protocol by itself, and shows the first chunk of rows. */
export interface PlainRunner extends Runner {
  rows(sql: string): Promise<readonly (readonly (string | null)[])[]>;
  /** Runs a query. @returns the addresses of the rows that are not in the answer itself */
  addresses(sql: string): Promise<readonly string[]>;
}

/** The protocol without a driver: the same few bytes for whoever answers. */
export async function plainHttp({ port, user, password }: Server, query: string): Promise<PlainRunner> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  let token = "None";
  const post = (path: string, body: unknown): Promise<Envelope> =>
    new Promise((resolve, reject) => {
      const headers = { "Content-Type": "application/json", Authorization: `Snowflake Token="${token}"` };
      const call = request({ host: "127.0.0.1", port, path, method: "POST", agent, headers }, (response) => {
        const parts: Buffer[] = [];
        response.on("data", (part: Buffer) => parts.push(part));
        response.on("end", () => {
          const text = Buffer.concat(parts).toString();
          try {
            resolve(JSON.parse(text) as never);
          } catch {
            reject(new Error(`HTTP ${response.statusCode}: ${text.slice(0, 200)}`));
          }
        });
      });
      call.on("error", reject);
      call.end(JSON.stringify(body));
    });
  const login = await post(`/session/v1/login-request?${query}`, {
    data: { LOGIN_NAME: user, PASSWORD: password, ACCOUNT_NAME: "bench", SESSION_PARAMETERS: {} },
  });
  token = login.data.token;
  const answerTo = async (sqlText: string): Promise<Envelope["data"]> => {
    const answer = await post(`/queries/v1/query-request?requestId=${randomUUID()}`, { sqlText, sequenceId: 1 });
    if (!answer.success) throw new Error(`${answer.message}: ${sqlText}`);
    return answer.data;
  };
  const rows: PlainRunner["rows"] = async (sqlText) => (await answerTo(sqlText)).rowset ?? [];
  return {
    rows,
    addresses: async (sqlText) => ((await answerTo(sqlText)).chunks ?? []).map(({ url }) => url),
    run: async (sql) => void (await rows(sql)),
    close: async () => agent.destroy(),
  };
}

/** DuckDB itself, on a file, in this process. */
export async function duckdb(file: string): Promise<Runner> {
  const instance = await DuckDBInstance.create(file);
  const connection = await instance.connect();
  return {
    run: async (sql) => void (await (await connection.run(sql)).getRowsJson()),
    close: async () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}
