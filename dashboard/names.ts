/** Names of the objects that the dashboard looks for. */

/** Where one environment's objects lie; components/naming makes them. All as unquoted names in upper case. */
export interface WatchedNames {
  readonly warehouse: string;
  readonly rawDatabase: string;
  readonly rawSchema: string;
  readonly loansTable: string;
  readonly analyticsDatabase: string;
  /** Objects of this schema win where several schemas have one of a name. */
  readonly analyticsSchema: string;
  readonly stream: string;
  readonly captureTask: string;
  /** The table that the task fills and the alert watches. */
  readonly errorsTable: string;
  readonly errorAlert: string;
  readonly emailIntegration: string;
}

/** Models of the dbt project. */
export const MODELS = {
  staging: "STG_PERSONAL_LOANS",
  dynamic: "LOANS_BY_STATE__DYNAMIC",
  standard: "LOANS_BY_STATE__STANDARD",
  failures: "STG_TEST_FAILURES",
} as const;

/** An object as SHOW tells where it is. */
export interface Located {
  readonly database: string;
  readonly schema: string;
  readonly name: string;
}

/** An object's name for a statement, each part quoted. */
export function sqlName({ database, schema, name }: Located): string {
  return [database, schema, name].map(quoted).join(".");
}

export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** The object of a name: the one of the preferred schema, else the first. */
export function find<T extends Located>(objects: readonly T[], name: string, schema: string): T | undefined {
  const named = objects.filter((object) => object.name === name);
  return named.find((object) => object.schema === schema) ?? named[0];
}
