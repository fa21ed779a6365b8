import { readFile, readdir } from "node:fs/promises";
import * as path from "node:path";
import type { Email } from "postal-mime" with { "resolution-mode": "import" };
import type { MailEnvelope } from "./snapshot";

/** A mail's body, one of the two or both. */
export interface MailBody {
  readonly html?: string;
  readonly text?: string;
}

/** Mails that are kept in memory; a file never changes. */
const KEPT = 200;

/** A folder of .eml files whose names end in `-ID.eml`, ID being that of NOTIFICATION_HISTORY. Only reads. */
export class Mailbox {
  private readonly parsed = new Map<string, Email>();

  constructor(private readonly folder: string) {}

  /** Subject and recipients of a mail; undefined where there is no such file. */
  async envelope(id: string): Promise<MailEnvelope | undefined> {
    const mail = await this.mail(id);
    if (!mail) return undefined;
    const to = (mail.to ?? []).flatMap((recipient) => (recipient.address ? [recipient.address] : []));
    return { subject: mail.subject ?? "", to };
  }

  async body(id: string): Promise<MailBody | undefined> {
    const mail = await this.mail(id);
    return mail && { html: mail.html, text: mail.text };
  }

  private async mail(id: string): Promise<Email | undefined> {
    const known = this.parsed.get(id);
    if (known) return known;
    // Looked up by name, so that an id from outside never becomes part of a path.
    const names = await readdir(this.folder).catch(() => []);
    const name = names.find((file) => file.endsWith(`-${id}.eml`));
    if (id === "" || name === undefined) return undefined;
    const { default: PostalMime } = await import("postal-mime");
    const mail = await PostalMime.parse(await readFile(path.join(this.folder, name)));
    const oldest = this.parsed.keys().next().value;
    if (this.parsed.size >= KEPT && oldest !== undefined) this.parsed.delete(oldest);
    this.parsed.set(id, mail);
    return mail;
  }
}
