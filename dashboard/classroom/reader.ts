import type { PolledReader } from "../poller";
import { ReadPace } from "../readPace";
import { readNow } from "../reads/metadata";
import { readSection, type Reader } from "../reads/read";
import type { Section } from "../snapshot";
import { memberLook, type WatchedMember } from "./member";
import { readAccount, readMemberDetails, type AccountMetadata, type MemberDetails } from "./reads";
import type { ClassFindings } from "./snapshot";

export interface ClassReaderOptions {
  /** One at least. */
  readonly members: readonly WatchedMember[];
  /** Whether statements that need a warehouse run only when there is something new to read. */
  readonly isSparing: boolean;
  /** The last scenario that was seen to its end in an environment, where that is known. */
  readonly scenarioOf?: (member: string) => string | undefined;
}

/** Reads every environment of a class: a few statements for all, and with a warehouse three for each. */
export class ClassReader implements PolledReader<ClassFindings> {
  private account: Section<AccountMetadata> = {};
  private readonly details = new Map<string, MemberDetails>();
  private readonly pace: ReadPace;
  private now: string | undefined;

  constructor(private readonly options: ClassReaderOptions) {
    this.pace = new ReadPace(options.isSparing);
  }

  /**
   * One poll.
   *
   * @param today this computer's time in milliseconds
   * @throws ConnectionLost
   */
  async poll(reader: Reader, today: number = Date.now()): Promise<void> {
    const { members } = this.options;
    const now = await readNow(reader);
    this.account = await readSection(
      this.account,
      () => now,
      () => readAccount(reader, members[0]!.names),
    );
    this.now = now;
    const { data: account } = this.account;
    if (!account) return;
    const print = fingerprint(account);
    if (!this.pace.isDue(print, today)) return;
    for (const { name, names } of members) this.details.set(name, await readMemberDetails(reader, names, account));
    this.pace.done(print, today);
  }

  findings(): ClassFindings {
    const { members, scenarioOf } = this.options;
    const { now } = this;
    const { data, ...about } = this.account;
    if (!data || !now) return { members: about, ...(now ? { now } : {}) };
    const looks = members.map((member) => {
      const scenario = scenarioOf?.(member.name);
      const details = this.details.get(member.name) ?? {};
      return memberLook(member, data, details, { now, ...(scenario ? { scenario } : {}) });
    });
    return { now, members: { ...about, data: looks } };
  }
}

/** Data timestamps are left out: they move with every refresh that finds nothing, too. */
function fingerprint({ dynamicTables, ...rest }: AccountMetadata): string {
  return JSON.stringify([dynamicTables.map(({ dataTimestamp: _, ...table }) => table), rest]);
}
