import { invalidArguments } from "../../errors";
import { VARCHAR } from "../../sql/ast/dataType";
import type { SystemFunction } from "../../execution/statementModule";
import type { ArgumentText, ScalarFunction } from "../../translate/environment";

/** Least and most arguments, and a DuckDB template for a number of them. */
interface Helper {
  readonly least: number;
  readonly most: number;
  readonly template: (count: number) => string;
}

const content = (type: string): Helper => ({
  least: 1,
  most: 1,
  template: () => `CAST(json_object('${type}', $0) AS VARCHAR)`,
});

/** Source: "TEXT_HTML", "TEXT_PLAIN", "APPLICATION_JSON", "INTEGRATION", "EMAIL_INTEGRATION_CONFIG". */
const HELPERS: Readonly<Record<string, Helper>> = {
  TEXT_HTML: content("text/html"),
  TEXT_PLAIN: content("text/plain"),
  APPLICATION_JSON: content("application/json"),
  INTEGRATION: { least: 1, most: 1, template: () => "CAST(json_object($0, json_object()) AS VARCHAR)" },
  EMAIL_INTEGRATION_CONFIG: {
    least: 3,
    most: 5,
    template: (count) => {
      const keys = ["subject", "toAddress", "ccAddress", "bccAddress"].slice(0, count - 1);
      const entries = keys.map((key, index) => `'${key}', $${index + 1}`);
      // A merge drops what is NULL.
      return `CAST(json_object($0, json_merge_patch(json_object(), json_object(${entries.join(", ")}))) AS VARCHAR)`;
    },
  },
};

/** SNOWFLAKE.NOTIFICATION.*: the functions that make the JSON of SYSTEM$SEND_SNOWFLAKE_NOTIFICATION's arguments. */
export const NOTIFICATION_FUNCTIONS: Readonly<Record<string, SystemFunction>> = Object.fromEntries(
  Object.entries(HELPERS).map(([name, helper]) => [
    `SNOWFLAKE.NOTIFICATION.${name}`,
    (args) => call(name, helper, args),
  ]),
);

function call(name: string, helper: Helper, args: readonly ArgumentText[]): ScalarFunction {
  if (args.length < helper.least || args.length > helper.most) {
    throw invalidArguments(
      name,
      args.map((arg) => arg.type.kind),
    );
  }
  return { kind: "template", template: helper.template(args.length), type: VARCHAR, volatility: "deterministic" };
}
