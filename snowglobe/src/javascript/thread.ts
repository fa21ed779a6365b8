import { type MessagePort, MessageChannel, Worker } from "node:worker_threads";

/** A thread with an engine of its own. */
export interface EngineThread {
  readonly worker: Worker;
  /** What the thread says is read here, also by a thread that waits. */
  readonly port: MessagePort;
  /** 1 while something is there to be read. */
  readonly flag: Int32Array;
}

/**
 * What every thread begins with: `open()` gives a fresh engine, which has no file, network, timer or module, and
 * `evaluate` runs code in it. The text is no module of its own, so that bundles of this program hold it.
 */
const OPENING = `
const { parentPort, receiveMessageOnPort, workerData } = require("node:worker_threads");
const { core, variant, port, flag, memory, prelude } = workerData;
const { newQuickJSWASMModuleFromVariant } = require(core);
const loaded = require(variant);
const wake = () => { Atomics.store(flag, 0, 1); Atomics.notify(flag, 0); };
const plain = (thrown) =>
  typeof thrown === "object" && thrown !== null ? { name: thrown.name, message: thrown.message } : String(thrown);
const opening = newQuickJSWASMModuleFromVariant(loaded.default ?? loaded).then((quickjs) => () => {
  const runtime = quickjs.newRuntime();
  runtime.setMemoryLimit(memory);
  runtime.setMaxStackSize(256 * 1024);
  const vm = runtime.newContext();
  const evaluate = (code) => {
    const result = vm.evalCode(code, "handler");
    if (result.error) throw vm.dump(result.error);
    return result.value;
  };
  evaluate(prelude).dispose();
  return { runtime, vm, evaluate };
});
`;

/**
 * Starts a thread.
 *
 * @param code what it does, in JavaScript, after OPENING
 * @param data what `workerData` holds beyond OPENING's own
 * @param memory bytes that an engine may take
 * @param prelude code that every engine begins with
 */
export function startThread(code: string, data: object, memory: number, prelude: string): EngineThread {
  const { port1, port2 } = new MessageChannel();
  const flag = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(`${OPENING}${code}`, {
    eval: true,
    // Nothing of the process's own is to be seen there.
    env: {},
    resourceLimits: { stackSizeMb: 16 },
    workerData: {
      core: require.resolve("quickjs-emscripten-core"),
      variant: require.resolve("@jitl/quickjs-singlefile-cjs-release-sync"),
      port: port2,
      flag,
      memory,
      prelude,
      ...data,
    },
    transferList: [port2],
  });
  return { worker, port: port1, flag };
}
