import type {
  Changes,
  JoinSource,
  PivotSource,
  Query,
  Sample,
  SelectItem,
  SourceAlias,
  TableSource,
  TimeTravel,
  UnpivotSource,
  ValuesClause,
} from "../ast/query";
import type { ExpressionPrinter } from "./expression";
import { printColumns, printIdentifier, printObjectName, words } from "./name";
import { printStageLocation } from "./stageLocation";
import { quoteString } from "../../quoting";

/** What sources hold of queries: given by print/query.ts, so that the files import one way. */
export interface QueryParts {
  readonly query: (query: Query) => string;
  readonly values: (values: ValuesClause) => string;
  readonly selectItem: (item: SelectItem) => string;
}

/** Prints the sources after FROM. */
export class TableSourcePrinter {
  constructor(
    private readonly expressions: ExpressionPrinter,
    private readonly parts: QueryParts,
  ) {}

  print(source: TableSource): string {
    return source.kind === "join" ? this.join(source) : words(this.unaliased(source), this.alias(source));
  }

  private unaliased(source: Exclude<TableSource, JoinSource>): string {
    switch (source.kind) {
      case "table":
        return words(
          source.boundary
            ? `DYNAMIC_TABLE_REFRESH_BOUNDARY(${printObjectName(source.name)})`
            : printObjectName(source.name),
          source.changes && this.changes(source.changes),
          source.timeTravel && this.timeTravel(source.timeTravel),
        );
      case "derived":
        return words(source.lateral && "LATERAL", `(${this.parts.query(source.query)})`);
      case "tableFunction": {
        if (source.call && source.lateral) return `LATERAL ${this.expressions.print(source.call)}`;
        return words(
          source.lateral && "LATERAL",
          `TABLE(${this.expressions.print((source.call ?? source.nameExpression)!)})`,
        );
      }
      case "valuesSource":
        return `(${this.parts.values(source.values)})`;
      case "stage": {
        if (source.directory) return `DIRECTORY(${printStageLocation(source.location)})`;
        const options = [
          ...(source.fileFormat === undefined ? [] : [`FILE_FORMAT => ${quoteString(source.fileFormat)}`]),
          ...(source.pattern === undefined ? [] : [`PATTERN => ${quoteString(source.pattern)}`]),
        ];
        return words(printStageLocation(source.location), options.length > 0 && `(${options.join(", ")})`);
      }
      case "pipeResult":
        return `$${source.back}`;
      case "pivot":
        return this.pivot(source);
      case "unpivot":
        return this.unpivot(source);
    }
  }

  /** A source where no join may stand bare. */
  private single(source: TableSource): string {
    return source.kind === "join" ? `(${this.join(source)})` : this.print(source);
  }

  /** Joins lean to the left and may be many: they are walked, not recursed into. */
  private join(join: JoinSource): string {
    const parts: string[] = [];
    let left: TableSource = join;
    while (left.kind === "join") {
      const { type, natural, directed, readOrder, right, on, using, matchCondition } = left;
      parts.push(
        words(
          natural && "NATURAL",
          type,
          directed && "DIRECTED",
          "JOIN",
          this.single(right),
          matchCondition && `MATCH_CONDITION (${this.expressions.print(matchCondition)})`,
          on && `ON ${this.expressions.print(on)}`,
          using && `USING ${printColumns(using)}`,
          readOrder && `${readOrder.word} (${printIdentifier(readOrder.alias)})`,
        ),
      );
      left = left.left;
    }
    return [...parts, this.print(left)].reverse().join(" ");
  }

  private pivot(pivot: PivotSource): string {
    const { values, defaultOnNull } = pivot;
    const list =
      values === "ANY"
        ? words("ANY", pivot.anyOrder && `ORDER BY ${this.expressions.orderBy(pivot.anyOrder)}`)
        : "kind" in values
          ? this.parts.query(values)
          : values.map(this.parts.selectItem).join(", ");
    return words(
      this.single(pivot.source),
      `PIVOT (${words(this.expressions.print(pivot.aggregate), pivot.aggregateAlias && `AS ${printIdentifier(pivot.aggregateAlias)}`)} FOR ${printIdentifier(pivot.column)} IN (${list})`,
      defaultOnNull && `DEFAULT ON NULL (${this.expressions.print(defaultOnNull)})`,
      ")",
    );
  }

  private unpivot(unpivot: UnpivotSource): string {
    const columns = unpivot.columns.map((column, at) => {
      const label = unpivot.labels?.[at];
      return words(printIdentifier(column), label && `AS ${printIdentifier(label)}`);
    });
    const forNames = `${printIdentifier(unpivot.valueColumn)} FOR ${printIdentifier(unpivot.nameColumn)}`;
    return words(
      this.single(unpivot.source),
      "UNPIVOT",
      unpivot.includeNulls && "INCLUDE NULLS",
      `(${forNames} IN (${columns.join(", ")}))`,
    );
  }

  private alias({ alias, columnAliases, sample }: SourceAlias): string {
    return words(
      alias && `AS ${printIdentifier(alias)}`,
      columnAliases.length > 0 && printColumns(columnAliases),
      sample && this.sample(sample),
    );
  }

  private sample({ method, size, rows, seed }: Sample): string {
    return words(
      `SAMPLE ${method} (${words(this.expressions.print(size), rows && "ROWS")})`,
      seed && `SEED (${this.expressions.print(seed)})`,
    );
  }

  timeTravel({ kind, by, value }: TimeTravel): string {
    return `${kind} (${by} => ${this.expressions.print(value)})`;
  }

  private changes({ information, start, end }: Changes): string {
    return words(
      `CHANGES (INFORMATION => ${information})`,
      start && this.timeTravel(start),
      end && `END (${end.by} => ${this.expressions.print(end.value)})`,
    );
  }
}
