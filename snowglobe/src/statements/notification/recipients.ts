import type { StatementContext } from "../../execution/context";

/**
 * Which addresses of a list may not be written to: 1-based places. Snowflake mails only to addresses that users of the
 * account have verified; here the EMAIL of every user that is not disabled counts as verified, since nobody could click
 * a link. Source: "Sending email notifications", verifying addresses.
 */
export function unverifiedIndexes(addresses: readonly string[], context: StatementContext): number[] {
  const known = new Set(
    context.instance.catalog
      .list("USER")
      .filter((user) => !user.disabled)
      .map((user) => user.properties.EMAIL?.toLowerCase()),
  );
  return addresses.flatMap((address, index) => (known.has(address.toLowerCase()) ? [] : [index + 1]));
}
