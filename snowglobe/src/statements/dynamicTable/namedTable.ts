/** What the table functions of the histories keep of a dynamic table's name. */
interface Named {
  readonly databaseName: string;
  readonly schemaName: string;
  readonly name: string;
}

/** Whether a table is the one that NAME => '...' means. @param wanted its parts, upper-cased, the first ones may be left out */
export function isNamed({ databaseName, schemaName, name }: Named, wanted: readonly string[]): boolean {
  const path = [databaseName, schemaName, name].map((part) => part.toUpperCase());
  return wanted.every((part, index) => part === path[path.length - wanted.length + index]);
}
