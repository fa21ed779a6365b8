import { createServer, request, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";

/** Stands between drivers and a Snowflake server on loopback, and breaks the connection at one moment. */
export interface LostAnswer {
  readonly port: number;
  /** Whether the moment came. */
  readonly isLost: () => boolean;
  readonly close: () => void;
}

/**
 * Passes requests on until one whose statement matches has been answered: that answer is kept from the client, and
 * nothing is passed on any more, as when the network breaks.
 *
 * @param port of the server
 * @param onLost called when the server has answered, before the client notices anything
 */
export async function loseAnswer(port: number, statement: RegExp, onLost: () => void): Promise<LostAnswer> {
  let isLost = false;
  const server = createServer((incoming, outgoing) => {
    void pass(incoming, outgoing).catch(() => incoming.socket.destroy());
  });
  const close = (): void => {
    server.close();
    server.closeAllConnections();
  };

  async function pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = await read(incoming);
    const { method, url: path, headers } = incoming;
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      request({ host: "127.0.0.1", port, method, path, headers }, resolve).once("error", reject).end(body);
    });
    const content = await read(answer);
    const text = headers["content-encoding"] === "gzip" ? gunzipSync(body).toString() : body.toString();
    if (!isLost && statement.test(text)) {
      isLost = true;
      onLost();
      close();
    }
    outgoing.writeHead(answer.statusCode!, answer.headers).end(content);
  }

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { port: (server.address() as AddressInfo).port, isLost: () => isLost, close };
}

async function read(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
