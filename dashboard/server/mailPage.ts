import type { MailBody } from "../mailbox";

/**
 * What a browser may do with a mail: show text, styles and pictures that the mail itself holds. No scripts, no forms, no
 * requests to anywhere; as a document of an origin of its own, shown only within our page.
 */
export const MAIL_POLICY =
  "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; base-uri 'none'; " +
  "form-action 'none'";

/** A mail's body as a document; text where there is no HTML. To be sent with {@link MAIL_POLICY}. */
export function mailPage({ html, text }: MailBody): string {
  return html ?? `<!doctype html><meta charset="utf-8"><pre>${escaped(text ?? "")}</pre>`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
