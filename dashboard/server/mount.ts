import type { MailBody } from "../mailbox";
import type { Access } from "./access";
import type { PageFile } from "./assets";

/** A page that the server serves, with what it is told. */
export interface Mount {
  /** Where it lies: `/`, or `/ada/`. */
  readonly path: string;
  readonly page: PageFile;
  /** Who may see it: any of these; an invitation by the first. */
  readonly access: readonly [Access, ...Access[]];
  /** Calls the listener with every snapshot; what it gives ends that. */
  readonly subscribe: (listener: (snapshot: object) => void) => () => void;
  /** The body of a mail that the page lists. */
  readonly mail?: (id: string) => Promise<MailBody | undefined>;
  readonly close: () => Promise<void>;
}
