/**
 * Runs the program under Pulumi's mocks and records what it declares, in order. A resource's properties come back as
 * they were asked for; a schema's time of creation is made up.
 *
 * What it does not prove: that a provider accepts the inputs, or what the statements do.
 */
import * as pulumi from "@pulumi/pulumi";
import { MockMonitor } from "@pulumi/pulumi/runtime/mocks";

export interface Declared {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
  /** Name of the parent; undefined for children of the stack. */
  readonly parent?: string;
  /** Names of the resources that must be there before, sorted. */
  readonly after: readonly string[];
  /** Name of the explicit provider. */
  readonly provider?: string;
  readonly deletedWith?: string;
  readonly deleteBeforeReplace: boolean;
  readonly replacementTrigger?: unknown;
}

export interface Recording {
  readonly resources: readonly Declared[];
  readonly outputs: Record<string, unknown>;
}

/** A dynamic table of the account, as the program asks for it. */
export interface DynamicTableRecord {
  readonly databaseName: string;
  readonly schemaName: string;
  readonly name: string;
  readonly createdOn: string;
}

const GET_DYNAMIC_TABLES = "snowflake:index/getDynamicTables:getDynamicTables";

/** The getters of the engine's request that the recording reads. */
interface RegisterRequest {
  getName(): string;
  getType(): string;
  getParent(): string;
  getProvider(): string;
  getDependenciesList(): string[];
  getDeletedwith(): string;
  getDeletebeforereplace(): boolean;
  getReplacementTrigger(): { toJavaScript(): unknown } | undefined;
}

const nameOf = (urn: string): string => urn.split("::").at(-1)!;

/**
 * Records a program.
 *
 * @param program declares resources and returns outputs
 * @param stack the stack's name
 * @param config settings, with their namespace
 * @param dynamicTables what the account answers when it is asked for its dynamic tables
 * @throws what the program throws
 */
export async function record(
  program: () => Record<string, unknown> | Promise<Record<string, unknown>>,
  stack: string,
  config: Record<string, string> = {},
  dynamicTables: readonly DynamicTableRecord[] = [],
): Promise<Recording> {
  const inputs = new Map<string, Record<string, unknown>>();
  const requests: RegisterRequest[] = [];
  const register = MockMonitor.prototype.registerResource;
  const spy = jest.spyOn(MockMonitor.prototype, "registerResource").mockImplementation(function (
    this: MockMonitor,
    ...args: Parameters<typeof register>
  ) {
    requests.push(args[0] as RegisterRequest);
    return register.apply(this, args);
  });
  try {
    await pulumi.runtime.setMocks(
      {
        newResource: (args) => {
          inputs.set(`${args.type}::${args.name}`, args.inputs as Record<string, unknown>);
          const made: Record<string, unknown> = { ...(args.inputs as Record<string, unknown>) };
          if (args.type === "snowflake:index/schema:Schema") made.showOutputs = [{ createdOn: `${args.name} made` }];
          return { id: `${args.name}-id`, state: made };
        },
        call: ({ token, inputs: asked }) =>
          (token === GET_DYNAMIC_TABLES ? { ...asked, records: dynamicTables } : asked) as Record<string, unknown>,
      },
      "snowflake-dynamic-tables-workshop",
      stack,
      false,
      "organization",
    );
    pulumi.runtime.setAllConfig(config);
    let outputs: Record<string, unknown> = {};
    let problem: unknown;
    await pulumi.runtime.runInPulumiStack(async () => {
      try {
        outputs = await program();
      } catch (error) {
        // Thrown on from here it would end the process: the stack's own promise is nobody's to catch.
        problem = error;
      }
    });
    await pulumi.runtime.disconnect();
    if (problem) throw problem;
    const resources = requests
      .filter((request) => request.getType() !== "pulumi:pulumi:Stack")
      .map((request) => declared(request, inputs.get(`${request.getType()}::${request.getName()}`) ?? {}));
    return { resources, outputs };
  } finally {
    spy.mockRestore();
  }
}

function declared(request: RegisterRequest, inputs: Record<string, unknown>): Declared {
  const parent = request.getParent();
  const provider = request.getProvider().split("::").at(-2);
  const deletedWith = request.getDeletedwith();
  return {
    type: request.getType(),
    name: request.getName(),
    inputs,
    parent: parent.includes("pulumi:pulumi:Stack::") ? undefined : nameOf(parent),
    after: request.getDependenciesList().map(nameOf).sort(),
    provider: provider || undefined,
    deletedWith: deletedWith ? nameOf(deletedWith) : undefined,
    deleteBeforeReplace: request.getDeletebeforereplace(),
    replacementTrigger: request.getReplacementTrigger()?.toJavaScript(),
  };
}
