import type { JavaScriptKind } from "./values";

/** What a handler of a function is compiled from. */
export interface HandlerSpec {
  /** The function's name, for messages. */
  readonly name: string;
  readonly body: string;
  readonly parameters: readonly { readonly name: string; readonly kind: JavaScriptKind; readonly type: string }[];
  /** Of a scalar function. */
  readonly returns?: JavaScriptKind;
  /** Of a table function. */
  readonly columns?: readonly { readonly name: string; readonly kind: JavaScriptKind }[];
  /** The arguments of a table function come from rows of another source. */
  readonly correlated?: boolean;
}

/**
 * The code of a function that takes the texts of the arguments as a JSON array, and gives the value's text or, of a table
 * function, its rows as a JSON array of arrays of texts.
 */
export function handlerSource(spec: HandlerSpec): string {
  return spec.columns ? tableSource(spec) : scalarSource(spec);
}

function scalarSource({ body, parameters, returns }: HandlerSpec): string {
  const kinds = JSON.stringify(parameters.map(({ kind }) => kind));
  return `(() => {
const handler = function (${parameters.map(({ name }) => name).join(", ")}) {
${body}
};
const kinds = ${kinds};
return (args) => toSql("${returns!}", handler.apply({}, JSON.parse(args).map((text, i) => fromSql(kinds[i], text))));
})()`;
}

/** Each row that the arguments come from is a partition of its own. Source: "Tabular JavaScript UDFs (UDTFs)". */
function tableSource({ body, parameters, columns, correlated }: HandlerSpec): string {
  return `(() => {
const handler = (${body}
);
const parameters = ${JSON.stringify(parameters)};
const columns = ${JSON.stringify(columns)};
const correlated = ${correlated === true};
return (args) => {
  const values = JSON.parse(args).map((text, i) => fromSql(parameters[i].kind, text));
  const rows = [];
  const writer = {
    writeRow: (row) => void rows.push(columns.map(({ name, kind }) => toSql(kind, row[name]))),
  };
  const row = {};
  const info = {};
  parameters.forEach(({ name, type }, i) => {
    row[name] = values[i];
    info[name] = { type, isConst: !correlated, constValue: correlated ? undefined : values[i] };
  });
  if (correlated && handler.finalize) throw new Error("finalize() is supported for constant arguments only");
  if (handler.initialize) handler.initialize(info, {});
  handler.processRow(row, writer, {});
  if (handler.finalize) handler.finalize(writer, {});
  return JSON.stringify(rows);
};
})()`;
}
