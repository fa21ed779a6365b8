import { mkdir, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { createTransport, type Transporter } from "nodemailer";
import MailComposer from "nodemailer/lib/mail-composer";
import type { Instance } from "../execution/instance";
import type { NotificationRecord } from "../account/notificationHistory";

/** Who Snowflake's mails come from. Source: "Sending email notifications". */
const SENDER = "Snowflake Computing <no-reply@snowflake.net>";

export interface MailerOptions {
  /** The mailbox: one .eml file for each mail, named by time and id. Made if it is missing. */
  readonly folder: string;
  /** A relay that mails also go to, e.g. `smtp://user:password@host:587`. Without it they stay here. */
  readonly smtpUrl?: string;
}

/** Delivers notifications: into the local mailbox before their statement ends, to the relay after it. */
export class Mailer {
  private readonly relay: Transporter | undefined;
  private sending: Promise<void> = Promise.resolve();

  /** @param onError told of what is no failure of a delivery itself, which the history records */
  constructor(
    private readonly instance: Instance,
    private readonly options: MailerOptions,
    private readonly onError: (error: unknown) => void,
  ) {
    this.relay = options.smtpUrl === undefined ? undefined : createTransport(options.smtpUrl);
  }

  /** Also delivers what a process before this one left queued. */
  start(): void {
    this.instance.notifications.onQueued((record) => this.deliver(record));
    for (const record of this.instance.notifications.all()) {
      if (record.status === "QUEUED") this.deliver(record).catch(this.onError);
    }
  }

  stop(): void {
    this.instance.notifications.onQueued(undefined);
    this.relay?.close();
  }

  /** Resolves when the relay has answered for all mails so far. */
  idle(): Promise<void> {
    return this.sending;
  }

  private async deliver(record: NotificationRecord): Promise<void> {
    const raw = await compose(record);
    await this.keep(record, raw);
    const { relay } = this;
    if (!relay) return this.processed(record, null);
    this.sending = this.sending.then(async () => {
      try {
        await relay.sendMail({ envelope: envelopeOf(record), raw });
        await this.processed(record, null);
      } catch (error) {
        await this.processed(record, (error as Error).message).catch(this.onError);
      }
    });
  }

  private async keep(record: NotificationRecord, raw: Buffer): Promise<void> {
    const { folder } = this.options;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const time = new Date(record.createdOn / 1000).toISOString().replaceAll(/[-:]/g, "");
    const file = path.join(folder, `${time}-${record.id}.eml`);
    // Readers of the mailbox never see half a mail.
    await writeFile(`${file}.part`, raw, { mode: 0o600 });
    await rename(`${file}.part`, file);
  }

  private processed(record: NotificationRecord, errorMessage: string | null): Promise<void> {
    return this.instance.notifications.update({
      ...record,
      processedOn: this.instance.clock.now(),
      status: errorMessage === null ? "SUCCESS" : "FAILURE",
      errorMessage,
    });
  }
}

function envelopeOf({ mail }: NotificationRecord) {
  return { from: "no-reply@snowflake.net", to: [...mail.to, ...mail.cc, ...mail.bcc] };
}

/** The mail as RFC 5322 text, without its blind copies. */
function compose(record: NotificationRecord): Promise<Buffer> {
  const { to, cc, subject, text, html } = record.mail;
  return new MailComposer({
    from: SENDER,
    to: [...to],
    cc: [...cc],
    subject,
    ...(text !== undefined && { text }),
    ...(html !== undefined && { html }),
    date: new Date(record.createdOn / 1000),
    messageId: `<${record.id}@snowglobe.local>`,
    // Text and HTML are all there is: a body cannot make the server read files or addresses.
    disableFileAccess: true,
    disableUrlAccess: true,
  })
    .compile()
    .build();
}
