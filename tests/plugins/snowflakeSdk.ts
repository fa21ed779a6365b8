import * as path from "node:path";
import ts from "typescript";
import { ROOT } from "./support";

/** A property as the bridge lists it; see plugins/snowflake/properties.go. */
export interface Property {
  readonly type: string;
  readonly required: boolean;
  readonly secret: boolean;
  readonly properties?: Record<string, Property>;
}

/** A class of the npm package that stands for a resource. */
export interface SdkResource {
  readonly token: string;
  readonly args: Record<string, Property>;
  readonly state: Record<string, Property>;
}

const SDK = path.join(ROOT, "node_modules", "@pulumi", "snowflake");

/**
 * Reads the npm package's resources: tokens and secret inputs from its JavaScript (a class's `__pulumiType`, and the
 * arguments it wraps in `pulumi.secret`), properties from its type declarations through the TypeScript compiler.
 */
export function readSnowflakeSdk(): SdkResource[] {
  const program = ts.createProgram([path.join(SDK, "index.d.ts")], {
    module: ts.ModuleKind.Node16,
    moduleResolution: ts.ModuleResolutionKind.Node16,
    target: ts.ScriptTarget.ES2022,
    strict: true,
    skipLibCheck: true,
    types: [],
  });
  const checker = program.getTypeChecker();
  const resources: SdkResource[] = [];
  for (const file of program.getSourceFiles()) {
    if (path.dirname(file.fileName) !== SDK) continue;
    const javaScript = ts.sys.readFile(file.fileName.replace(/\.d\.ts$/, ".js")) ?? "";
    for (const statement of file.statements) {
      if (!ts.isClassDeclaration(statement) || !statement.name) continue;
      const name = statement.name.text;
      const type = new RegExp(`${name}\\.__pulumiType = ["'](.+)["']`).exec(javaScript)?.[1];
      if (!type) continue;
      const secrets = new Set([...javaScript.matchAll(/pulumi\.secret\(args\.(\w+)\)/g)].map((m) => m[1]!));
      const shape = (suffix: string) => {
        const declaration = file.statements.find(
          (s): s is ts.InterfaceDeclaration => ts.isInterfaceDeclaration(s) && s.name.text === name + suffix,
        );
        return declaration ? properties(checker, checker.getTypeAtLocation(declaration), secrets) : {};
      };
      resources.push({ token: type, args: shape("Args"), state: shape("State") });
    }
  }
  return resources;
}

function properties(checker: ts.TypeChecker, type: ts.Type, secrets: ReadonlySet<string>): Record<string, Property> {
  const found: Record<string, Property> = {};
  for (const symbol of type.getProperties()) {
    const inside = plain(checker, checker.getTypeOfSymbol(symbol));
    found[symbol.name] = {
      ...describe(checker, inside),
      required: !(symbol.flags & ts.SymbolFlags.Optional),
      secret: secrets.has(symbol.name),
    };
  }
  return found;
}

/** Takes `undefined`, promises and outputs off a `pulumi.Input<T>`, so that T is left. */
function plain(checker: ts.TypeChecker, type: ts.Type): ts.Type {
  const parts = (type.isUnion() ? type.types : [type]).filter((t) => {
    const name = t.symbol?.name ?? "";
    return !(t.flags & ts.TypeFlags.Undefined) && name !== "Promise" && name !== "OutputInstance" && name !== "Output";
  });
  const [first] = parts;
  if (!first) throw new Error(`nothing is left of ${checker.typeToString(type)}`);
  if (parts.every((t) => t.flags & ts.TypeFlags.BooleanLike)) return checker.getBooleanType();
  if (parts.length > 1) throw new Error(`unexpected union ${checker.typeToString(type)}`);
  return first;
}

function describe(checker: ts.TypeChecker, type: ts.Type): Pick<Property, "type" | "properties"> {
  if (type.flags & ts.TypeFlags.StringLike) return { type: "string" };
  if (type.flags & ts.TypeFlags.NumberLike) return { type: "number" };
  if (type.flags & ts.TypeFlags.BooleanLike) return { type: "boolean" };
  const element = checker.isArrayType(type) ? checker.getTypeArguments(type as ts.TypeReference)[0] : undefined;
  const value = element ?? checker.getIndexTypeOfType(type, ts.IndexKind.String);
  if (value) {
    const inner = describe(checker, plain(checker, value));
    return { type: `${element ? "list" : "map"}<${inner.type}>`, properties: inner.properties };
  }
  // Members of nested objects carry no secret mark in the package's JavaScript.
  return { type: "object", properties: properties(checker, type, new Set()) };
}
