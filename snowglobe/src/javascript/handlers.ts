import { receiveMessageOnPort } from "node:worker_threads";
import { javaScriptError, thrownText, type Thrown } from "./errors";
import { handlerSource, type HandlerSpec } from "./handlerSource";
import { startThread, type EngineThread } from "./thread";
import { VALUES_SOURCE } from "./values";

/** Bytes that a handler may take. */
const MEMORY = 64 * 1024 * 1024;

/**
 * Milliseconds for the rows of one piece, up to 2,048: DuckDB asks for their values at once, and nothing else of the server
 * runs meanwhile.
 */
const LONGEST = 2_000;

/** Milliseconds in which a thread starts; then, how much later than its limit one is given up. */
const START = 10_000;
const GRACE = 200;

/** The thread's part: it keeps the handlers that it has compiled. */
const THREAD = `
const MOST_KEPT = 32;
const kept = new Map();
opening.then((open) => {
  const compiled = (key, source) => {
    const found = kept.get(key);
    if (found) return found;
    const engine = open();
    const made = { ...engine, call: engine.evaluate(source) };
    kept.set(key, made);
    if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value);
    return made;
  };
  const answer = ({ key, source, rows, limit }) => {
    const deadline = performance.now() + limit;
    try {
      const { runtime, vm, call } = compiled(key, source);
      runtime.setInterruptHandler(() => performance.now() > deadline);
      return {
        values: rows.map((row) => {
          const given = vm.newString(row);
          const result = vm.callFunction(call, vm.undefined, given);
          given.dispose();
          if (result.error) throw vm.dump(result.error);
          const text = vm.typeof(result.value) === "string" ? vm.getString(result.value) : null;
          result.value.dispose();
          return text;
        }),
      };
    } catch (thrown) {
      // An engine that was interrupted or ran out of memory is not used again.
      kept.delete(key);
      return { late: performance.now() > deadline, thrown: plain(thrown) };
    }
  };
  port.on("message", (request) => { port.postMessage(answer(request)); wake(); });
  port.postMessage({ ready: true });
  wake();
});
`;

type Answer = { readonly values: readonly (string | null)[] } | { readonly late: boolean; readonly thrown: Thrown };

let thread: EngineThread | undefined;

function started(): EngineThread {
  if (thread) return thread;
  const made = startThread(THREAD, {}, MEMORY, VALUES_SOURCE);
  // A handler's thread keeps no process alive.
  made.worker.unref();
  made.port.unref();
  if (!received(made, START)) throw new Error("the thread of JavaScript handlers did not start");
  thread = made;
  return made;
}

/** Waits for what a thread says. @returns undefined when it has said nothing in time */
function received({ port, flag }: EngineThread, milliseconds: number): unknown {
  if (Atomics.wait(flag, 0, 0, milliseconds) === "timed-out") return undefined;
  Atomics.store(flag, 0, 0);
  return receiveMessageOnPort(port)?.message as unknown;
}

/**
 * Calls handlers, all rows of one of them at once. The thread computes while this one waits, so that one that does not end
 * can be ended.
 *
 * @param rows of each a HandlerSpec as JSON, and the texts of the arguments as a JSON array, NULL as null
 * @returns texts, see handlerSource; null for NULL
 * @throws SnowflakeError 100132 for whatever a handler throws, and when it takes too long or too much
 */
export function callHandlers(rows: readonly (readonly string[])[]): (string | null)[] {
  const values: (string | null)[] = [];
  const end = performance.now() + LONGEST;
  for (let from = 0; from < rows.length;) {
    const spec = rows[from]![0]!;
    let to = from;
    while (to < rows.length && rows[to]![0] === spec) to++;
    const args = rows.slice(from, to).map((row) => row[1]!);
    values.push(...called(spec, args, Math.max(1, end - performance.now())));
    from = to;
  }
  return values;
}

function called(key: string, rows: readonly string[], limit: number): readonly (string | null)[] {
  const spec = JSON.parse(key) as HandlerSpec;
  const running = started();
  running.port.postMessage({ key, source: handlerSource(spec), rows, limit });
  const answer = received(running, limit + GRACE) as Answer | undefined;
  if (answer === undefined) {
    thread = undefined;
    void running.worker.terminate();
    throw tooLong(spec.name);
  }
  if ("values" in answer) return answer.values;
  throw answer.late ? tooLong(spec.name) : javaScriptError(`Uncaught ${thrownText(answer.thrown)} in ${spec.name}`);
}

function tooLong(name: string): Error {
  return javaScriptError(`Function ${name} took more than ${LONGEST / 1000} seconds`);
}
