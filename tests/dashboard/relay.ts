import { createServer, connect, type AddressInfo, type Server, type Socket } from "node:net";

/** A wire to a server that can be cut and joined again. */
export class Relay {
  private server: Server | undefined;
  private readonly sockets = new Set<Socket>();
  private ownPort = 0;

  constructor(private readonly targetPort: () => number) {}

  get port(): number {
    return this.ownPort;
  }

  join(): Promise<void> {
    const server = (this.server = createServer((from) => {
      const to = connect(this.targetPort(), "127.0.0.1");
      for (const socket of [from, to]) {
        this.sockets.add(socket);
        socket.on("error", () => socket.destroy());
        socket.once("close", () => this.sockets.delete(socket));
      }
      from.pipe(to).pipe(from);
    }));
    return new Promise((resolve) => {
      server.listen(this.ownPort, "127.0.0.1", () => {
        this.ownPort = (server.address() as AddressInfo).port;
        resolve();
      });
    });
  }

  /** Ends all connections; new ones are refused. */
  async cut(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    const closed = new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }
}
