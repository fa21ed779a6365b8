import type { ServerResponse } from "node:http";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";

/** What a route answers. */
export type Answer =
  | {
      readonly kind: "text";
      readonly status: number;
      readonly text: string;
      readonly contentType: string;
      /** For the status line: all that some drivers show of a transfer that went wrong. */
      readonly reason?: string;
    }
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  | { readonly kind: "empty"; readonly status: number; readonly headers: Readonly<Record<string, string | number>> }
  | { readonly kind: "file"; readonly path: string; readonly size: number };

/** Drivers parse a body only when its type says JSON. */
const JSON_TYPE = "application/json";

/** @param text JSON already */
export function jsonText(text: string, status = 200): Answer {
  return { kind: "text", status, text, contentType: JSON_TYPE };
}

/** Text that is to reach the client as it is: some drivers parse whatever calls itself JSON. */
export function plainText(text: string): Answer {
  return { kind: "text", status: 200, text, contentType: "application/octet-stream" };
}

export function bytes(content: Uint8Array): Answer {
  return { kind: "bytes", bytes: content };
}

export function json(value: unknown, status = 200): Answer {
  return jsonText(JSON.stringify(value), status);
}

/** The protocol's envelope for something that went well. `code` is text or null, never a number: drivers are strict. */
export function success(data: unknown, code: string | null = null, message: string | null = null): Answer {
  return json({ data, code, message, success: true });
}

/** The envelope for something that did not. HTTP status 200: drivers repeat requests that fail in HTTP's own terms. */
export function failure(code: string, message: string, data: unknown = null, status = 200): Answer {
  return json({ data, code, message, success: false, headers: null }, status);
}

/** The envelope for a request that is wrong as HTTP. */
export function httpFailure(status: number, message: string): Answer {
  const text = JSON.stringify({ data: null, code: `390${status}`, message, success: false, headers: null });
  const reason = message.replace(/[^\x20-\x7e]/g, "?");
  return { kind: "text", status, text, contentType: JSON_TYPE, reason };
}

/** Writes an answer. Nothing is compressed: on the loopback interface that costs more than it saves. */
export async function send(response: ServerResponse, answer: Answer): Promise<void> {
  switch (answer.kind) {
    case "empty":
      response.writeHead(answer.status, answer.headers).end();
      return;
    case "bytes":
      response.writeHead(200, { "Content-Type": "application/octet-stream", "Content-Length": answer.bytes.length });
      response.end(answer.bytes);
      return;
    case "file":
      response.writeHead(200, { "Content-Type": "application/octet-stream", "Content-Length": answer.size });
      await pipeline(createReadStream(answer.path), response);
      return;
    case "text": {
      const headers = { "Content-Type": answer.contentType };
      if (answer.reason !== undefined) response.statusMessage = answer.reason;
      response.writeHead(answer.status, { ...headers, "Content-Length": Buffer.byteLength(answer.text) });
      response.end(answer.text);
    }
  }
}
