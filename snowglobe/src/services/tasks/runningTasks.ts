/** Which tasks run just now, so that they can be cancelled. */
export class RunningTasks {
  private readonly byTask = new Map<number, Set<AbortController>>();

  has(taskId: number): boolean {
    return this.byTask.has(taskId);
  }

  /** @returns how many runs of the task were told to end */
  cancel(taskId: number): number {
    const runs = [...(this.byTask.get(taskId) ?? [])];
    for (const run of runs) run.abort();
    return runs.length;
  }

  /** Does `work` as a run of the task. @param work takes the signal that cancels it */
  async during<T>(taskId: number, work: (cancel: AbortSignal) => Promise<T>): Promise<T> {
    const run = new AbortController();
    const runs = this.byTask.get(taskId) ?? new Set();
    this.byTask.set(taskId, runs.add(run));
    try {
      return await work(run.signal);
    } finally {
      runs.delete(run);
      if (runs.size === 0) this.byTask.delete(taskId);
    }
  }
}
