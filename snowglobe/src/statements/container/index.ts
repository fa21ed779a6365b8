import { CONTAINER_USAGE } from "../../informationSchema/accountUsage";
import type { StatementModule } from "../../execution/statementModule";
import { alterDatabase, createDatabase, describeDatabase, showDatabases } from "./database";
import { alterSchema, createSchema, describeSchema, showSchemas } from "./schema";
import { databaseDdl, schemaDdl } from "./containerDdl";

/** Databases and schemas. */
export const containerModule: StatementModule = {
  definitions: { createDatabase, alterDatabase, createSchema, alterSchema },
  show: { DATABASES: showDatabases, SCHEMAS: showSchemas },
  describe: { DATABASE: describeDatabase, SCHEMA: describeSchema },
  accountUsage: CONTAINER_USAGE,
  ddl: { DATABASE: databaseDdl, SCHEMA: schemaDdl },
};
