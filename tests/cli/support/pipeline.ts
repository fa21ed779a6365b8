/** What a loaded environment does by itself, watched in a copy of the checkout. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { readControlToken, readRecord } from "../../../cli/local/record";
import type { CheckoutCopy } from "./checkout";

/** Moves the copy's snowglobe ahead, and comes back when all that became due on the way has run. */
export async function advance({ paths }: CheckoutCopy, seconds: number): Promise<void> {
  const { port } = readRecord(paths.snowglobe)!;
  const response = await fetch(`http://127.0.0.1:${port}/control/advance`, {
    method: "POST",
    headers: { authorization: `Bearer ${readControlToken(paths.snowglobe)}`, "content-type": "application/json" },
    body: JSON.stringify({ seconds }),
  });
  if (!response.ok) throw new Error(`advance answered ${response.status}: ${await response.text()}`);
}

/** Mails that were sent so far, the oldest first. */
export function mailbox({ paths }: CheckoutCopy): { readonly to: string; readonly text: string }[] {
  const folder = path.join(paths.snowglobe, "mail");
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(".eml"))
    .map((name) => readFileSync(path.join(folder, name), "utf8"))
    .sort((a, b) => dateOf(a) - dateOf(b))
    .map((text) => ({
      to: /^To: (.*)$/m.exec(text)?.[1]?.trim() ?? "",
      // Quoted-printable breaks long lines.
      text: text.replace(/=\r?\n/g, ""),
    }));
}

function dateOf(mail: string): number {
  return Date.parse(/^Date: (.*)$/m.exec(mail)?.[1] ?? "");
}
