import { Socket } from "node:net";
import { LoadError } from "./errors";

/** Milliseconds to wait for a connection. */
const CONNECT_MS = 5_000;
/** Milliseconds between two looks at a server while a statement runs. */
const WATCH_MS = 2_000;

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i;

/** Whether a host name or address is this computer. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host);
}

/**
 * A Snowflake server on this computer. The driver retries a refused connection for minutes at login and for hours in a
 * statement, as is right for a service far away that is known to come back; here a closed port is an answer.
 */
export class LocalServer {
  private gone = false;

  /** @param url as `http://127.0.0.1:8080` */
  constructor(
    readonly url: string,
    private readonly watchMs: number = WATCH_MS,
  ) {}

  /** Whether {@link watch} has found that nobody listens any more. */
  get isGone(): boolean {
    return this.gone;
  }

  /** @throws LoadError when nobody listens */
  async check(): Promise<void> {
    const fault = await this.connectFault();
    if (fault) {
      throw new LoadError(`No Snowflake server answers at ${this.url} (${fault}): start it, or check SNOWFLAKE_PORT`);
    }
  }

  /**
   * Waits for some work of the driver with this server.
   *
   * @throws LoadError as soon as the server is gone; what the work throws otherwise
   */
  async watch<T>(work: Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const lost = new Promise<never>((_resolve, reject) => {
      const look = async (): Promise<void> => {
        // Twice, because a single attempt may time out on a busy computer.
        if (!this.gone && (!(await this.connectFault()) || !(await this.connectFault()))) return;
        this.gone = true;
        reject(new LoadError(`The Snowflake server at ${this.url} has gone away: start it and try again`));
      };
      timer = setInterval(() => void look(), this.watchMs);
      if (this.gone) void look();
    });
    try {
      return await Promise.race([work, lost]);
    } finally {
      clearInterval(timer);
    }
  }

  /** Why no connection could be made; undefined when one was. */
  private connectFault(): Promise<string | undefined> {
    const { hostname, port, protocol } = new URL(this.url);
    return new Promise((resolve) => {
      const socket = new Socket();
      const end = (fault: string | undefined): void => {
        socket.destroy();
        resolve(fault);
      };
      socket.setTimeout(CONNECT_MS, () => end("timed out"));
      socket.once("error", (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
      const number = Number(port || (protocol === "http:" ? 80 : 443));
      socket.connect(number, hostname.replace(/^\[|\]$/g, ""), () => end(undefined));
    });
  }
}
