import type { Instance } from "../../execution/instance";
import type { FileReport } from "./copyCheck";

/** COPYs whose rejected rows are remembered. */
const MOST_LOADS = 1_000;

export interface RejectedFile {
  readonly file: string;
  readonly report: FileReport;
}

/** What COPYs found wrong, for VALIDATE: while the server runs. */
export class RejectedRows {
  private readonly byQueryId = new Map<string, readonly RejectedFile[]>();

  keep(queryId: string, files: readonly RejectedFile[]): void {
    const kept = files.filter(({ report }) => report.bad.size > 0);
    this.byQueryId.delete(queryId);
    this.byQueryId.set(queryId, kept);
    for (const oldest of this.byQueryId.keys()) {
      if (this.byQueryId.size <= MOST_LOADS) break;
      this.byQueryId.delete(oldest);
    }
  }

  of(queryId: string): readonly RejectedFile[] | undefined {
    return this.byQueryId.get(queryId);
  }
}

const stores = new WeakMap<Instance, RejectedRows>();

export function rejectedRows(instance: Instance): RejectedRows {
  const found = stores.get(instance) ?? new RejectedRows();
  stores.set(instance, found);
  return found;
}
