import type { Instance } from "../../execution/instance";
import type { FileReport } from "./copyCheck";

/** COPYs whose rejected rows are remembered. */
const MOST_LOADS = 1_000;

export interface RejectedFile {
  readonly file: string;
  readonly report: FileReport & {
    /** false: the load stopped at the first error, which is all that is known. */
    readonly complete?: boolean;
  };
}

/** Which load it was. */
interface LoadIdentity {
  readonly queryId: string;
  readonly sessionId: number;
  readonly tableId: number;
}

interface KeptLoad extends LoadIdentity {
  readonly files: readonly RejectedFile[];
}

/** What COPYs found wrong, for VALIDATE: while the server runs. */
export class RejectedRows {
  private readonly loads: KeptLoad[] = [];

  keep(load: LoadIdentity, files: readonly RejectedFile[]): void {
    this.loads.unshift({ ...load, files: files.filter(({ report }) => report.bad.size > 0) });
    this.loads.splice(MOST_LOADS);
  }

  of(queryId: string, tableId: number): readonly RejectedFile[] | undefined {
    return this.loads.find((load) => load.queryId === queryId && load.tableId === tableId)?.files;
  }

  /** The session's latest load of a table. */
  last(sessionId: number, tableId: number): readonly RejectedFile[] | undefined {
    return this.loads.find((load) => load.sessionId === sessionId && load.tableId === tableId)?.files;
  }
}

const stores = new WeakMap<Instance, RejectedRows>();

export function rejectedRows(instance: Instance): RejectedRows {
  const found = stores.get(instance) ?? new RejectedRows();
  stores.set(instance, found);
  return found;
}
