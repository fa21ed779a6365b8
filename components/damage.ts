import * as pulumi from "@pulumi/pulumi";
import * as snowflake from "@pulumi/snowflake";
import { DAMAGE } from "./damageWords";
import type { RecordedStack } from "./recordedStack";

interface Container {
  readonly type: string;
  readonly word: string;
  /** Names in the account that match a pattern, those in a database with its name before. */
  readonly names: (like: string, opts: pulumi.InvokeOptions) => Promise<string[]>;
}

/** What holds other things, so that its loss is theirs as well. */
const CONTAINERS: readonly Container[] = [
  {
    type: "snowflake:index/database:Database",
    word: "Database",
    names: async (like, opts) =>
      (await snowflake.getDatabases({ like, withDescribe: false, withParameters: false }, opts)).databases.flatMap(
        ({ showOutputs }) => showOutputs.map(({ name }) => name),
      ),
  },
  {
    type: "snowflake:index/schema:Schema",
    word: "Schema",
    names: async (like, opts) =>
      (
        await snowflake.getSchemas({ like, in: { account: true }, withDescribe: false, withParameters: false }, opts)
      ).schemas.flatMap(({ showOutputs }) => showOutputs.map(({ name, databaseName }) => `${databaseName}.${name}`)),
  },
  {
    type: "snowflake:index/warehouse:Warehouse",
    word: "Warehouse",
    names: async (like, opts) =>
      (await snowflake.getWarehouses({ like, withDescribe: false, withParameters: false }, opts)).warehouses.flatMap(
        ({ showOutputs }) => showOutputs.map(({ name }) => name),
      ),
  },
  {
    type: "snowflake:index/accountRole:AccountRole",
    word: "Role",
    names: async (like, opts) =>
      (await snowflake.getAccountRoles({ like }, opts)).accountRoles.flatMap(({ showOutputs }) =>
        showOutputs.map(({ name }) => name),
      ),
  },
];

/**
 * Databases, warehouses and roles that the state has and the account has not. What lay in them or was granted on them is
 * gone too, which only a refresh finds: an update on such a state would fail in its midst.
 *
 * @param recorded the state
 * @param provider by which to look
 * @throws pulumi.RunError with one line that names them and says what to do
 */
export async function refuseDamage(recorded: RecordedStack, provider: pulumi.ProviderResource): Promise<void> {
  const lost = await Promise.all(
    CONTAINERS.flatMap(({ type, word, names }) =>
      recorded.resources
        .filter((resource) => resource.type === type && typeof resource.outputs.name === "string")
        .map(async ({ outputs }) => {
          const { name, database } = outputs as { readonly name: string; readonly database?: string };
          const path = database === undefined ? name : `${database}.${name}`;
          // An underscore stands for any character, so others may be found as well.
          return (await names(name, { provider })).includes(path) ? undefined : `${word} ${path}`;
        }),
    ),
  );
  const found = lost.filter((name) => name !== undefined);
  if (found.length > 0)
    throw new pulumi.RunError(`${DAMAGE}: ${found.join(", ")}. Run pulumi refresh; then pulumi up makes it anew.`);
}
