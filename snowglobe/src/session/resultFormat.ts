/** Parameters that say in which form a client gets the rows of queries, by the name that its driver gives itself. */
const FORMATS: Readonly<Record<string, string>> = {
  PYTHONCONNECTOR: "PYTHON_CONNECTOR_QUERY_RESULT_FORMAT",
  GO: "GO_QUERY_RESULT_FORMAT",
  JDBC: "JDBC_QUERY_RESULT_FORMAT",
  ODBC: "ODBC_QUERY_RESULT_FORMAT",
};

/** @returns undefined for a client that reads JSON alone */
export function resultFormatParameter(client: string): string | undefined {
  return FORMATS[client.toUpperCase()];
}
