import { once } from "node:events";
import { SnowflakeError } from "../errors";
import { javaScriptError, thrownText, type Thrown } from "./errors";
import { PROCEDURE_SOURCE } from "./procedureSource";
import { startThread } from "./thread";
import { VALUES_SOURCE, type JavaScriptKind } from "./values";

/** A procedure on its way. */
export interface ProcedureRun {
  readonly name: string;
  readonly body: string;
  readonly parameters: readonly {
    readonly name: string;
    readonly kind: JavaScriptKind;
    readonly text: string | null;
  }[];
  readonly returns: JavaScriptKind;
  readonly signal: AbortSignal;
  /** Runs a statement of the procedure's. @param request and the answer: JSON, see PROCEDURE_SOURCE */
  readonly ask: (request: string) => Promise<string>;
}

/** Bytes that a procedure may take. */
const MEMORY = 128 * 1024 * 1024;

/** Milliseconds that its own code may take, statements apart. */
const OWN_TIME = 60_000;

/**
 * The thread's part. Its one way out is `ask`, where it waits until the server has answered: so procedures are written
 * without await, as in Snowflake, and the server's own thread is free meanwhile.
 */
const THREAD = `
const { ownTime, source } = workerData;
opening.then((open) => {
  const { runtime, vm, evaluate } = open();
  let waited = 0;
  const started = performance.now();
  const isLate = () => performance.now() - started - waited > ownTime;
  runtime.setInterruptHandler(isLate);
  const ask = vm.newFunction("ask", (request) => {
    const asked = performance.now();
    parentPort.postMessage({ ask: vm.getString(request) });
    Atomics.wait(flag, 0, 0);
    Atomics.store(flag, 0, 0);
    waited += performance.now() - asked;
    return vm.newString(receiveMessageOnPort(port).message);
  });
  vm.setProp(vm.global, "ask", ask);
  try {
    const value = evaluate(source);
    parentPort.postMessage({ value: vm.typeof(value) === "string" ? vm.getString(value) : null });
  } catch (thrown) {
    parentPort.postMessage({ late: isLate(), thrown: plain(thrown) });
  }
});
`;

type Message =
  { readonly ask: string } | { readonly value: string | null } | { readonly late: boolean; readonly thrown: Thrown };

/**
 * Runs a procedure's code in a thread of its own.
 *
 * @returns the text of what it returned, null for NULL
 * @throws SnowflakeError 100183 for whatever it throws, also by a statement that failed
 */
export async function runProcedure(run: ProcedureRun): Promise<string | null> {
  const data = { ownTime: OWN_TIME, source: sourceOf(run) };
  const { worker, port, flag } = startThread(THREAD, data, MEMORY, `${VALUES_SOURCE}\n${PROCEDURE_SOURCE}`);
  try {
    for (;;) {
      const [message] = (await once(worker, "message", { signal: run.signal })) as [Message];
      if ("value" in message) return message.value;
      if ("thrown" in message) throw failed(run.name, message.thrown, message.late);
      port.postMessage(await run.ask(message.ask));
      Atomics.store(flag, 0, 1);
      Atomics.notify(flag, 0);
    }
  } catch (error) {
    if (run.signal.aborted) throw new SnowflakeError("000604", "57014", "SQL execution canceled");
    throw error;
  } finally {
    port.close();
    await worker.terminate();
  }
}

function sourceOf({ body, parameters, returns }: ProcedureRun): string {
  const given = parameters.map(({ kind, text }) => `fromSql("${kind}", ${JSON.stringify(text)})`);
  return `toSql("${returns}", (function (${parameters.map(({ name }) => name).join(", ")}) {
${body}
})(${given.join(", ")}))`;
}

function failed(name: string, thrown: Thrown, late: boolean): SnowflakeError {
  if (late) return javaScriptError(`Procedure ${name} took more than ${OWN_TIME / 1000} seconds of its own`);
  const text = typeof thrown === "object" && thrown.name === "Error" ? (thrown.message ?? "") : thrownText(thrown);
  return new SnowflakeError("100183", "P0000", `Execution error in store procedure ${name}:\n${text}`);
}
