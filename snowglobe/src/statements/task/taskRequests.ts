import type { Microseconds } from "../../catalog/objects";

/** A run that EXECUTE TASK asks for. */
export interface TaskRequest {
  readonly taskId: number;
  readonly at: Microseconds;
  readonly config: string | null;
}

/** From EXECUTE TASK to whoever runs tasks. */
export class TaskRequests {
  private listener: ((request: TaskRequest) => void) | undefined;

  onRequest(listener: ((request: TaskRequest) => void) | undefined): void {
    this.listener = listener;
  }

  request(request: TaskRequest): void {
    this.listener?.(request);
  }
}
