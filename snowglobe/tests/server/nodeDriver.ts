import "../../../loader/driverSettings";
import snowflake from "snowflake-sdk";
import { PASSWORD } from "./fakeEngine";

snowflake.configure({ logLevel: "OFF" });

export type Row = Record<string, unknown>;

/** What one statement gave through snowflake-sdk. */
export interface Outcome {
  readonly rows: Row[];
  readonly statement: snowflake.RowStatement;
}

/** A thin promise layer over one connection of the real driver. */
export class NodeClient {
  private constructor(readonly connection: snowflake.Connection) {}

  static async connect(port: number, options: Partial<snowflake.ConnectionOptions> = {}): Promise<NodeClient> {
    const connection = snowflake.createConnection({
      account: "local",
      accessUrl: `http://127.0.0.1:${port}`,
      username: "learner",
      password: PASSWORD,
      ...options,
    });
    await new Promise<void>((resolve, reject) => {
      connection.connect((error) => (error ? reject(error) : resolve()));
    });
    return new NodeClient(connection);
  }

  execute(sqlText: string, options: Partial<snowflake.StatementOption> = {}): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      this.connection.execute({
        sqlText,
        ...options,
        complete: (error, statement, rows) => {
          if (error) reject(error);
          else resolve({ rows: (rows ?? []) as Row[], statement: statement as snowflake.RowStatement });
        },
      });
    });
  }

  close(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.connection.destroy((error) => (error ? reject(error) : resolve()));
    });
  }
}
