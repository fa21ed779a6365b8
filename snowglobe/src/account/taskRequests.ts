import type { TaskGraphRun } from "./taskGraphRun";

/** What whoever runs tasks does for statements. */
export interface TaskService {
  /** Runs a graph as soon as possible. */
  run(run: TaskGraphRun): void;
  /** Cancels what runs of a task. @returns how many runs */
  cancel(taskId: number): number;
}

/** From statements to whoever runs tasks. */
export class TaskRequests {
  private service: TaskService | undefined;

  serveBy(service: TaskService | undefined): void {
    this.service = service;
  }

  /** @param run kept in TaskGraphRuns already: without a service it is run at the next start */
  request(run: TaskGraphRun): void {
    this.service?.run(run);
  }

  cancel(taskId: number): number {
    return this.service?.cancel(taskId) ?? 0;
  }
}
