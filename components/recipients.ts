/** One address, without a display name; a quote or a comma could not stand in Snowflake's lists. */
const ADDRESS = /^[A-Za-z0-9.!#$%&*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+$/;

/** Snowflake documentation: "CREATE NOTIFICATION INTEGRATION (email)". */
const MOST_RECIPIENTS = 50;

/**
 * Reads a list of e-mail addresses with commas between them. An address that comes twice, in whatever case, counts once.
 *
 * @returns the addresses in their order; or why they cannot be used, to follow the text in a message
 */
export function recipientsFrom(text: string): readonly string[] | string {
  const addresses = text.split(",").map((address) => address.trim());
  if (!addresses.every((address) => ADDRESS.test(address)))
    return "must be e-mail addresses with commas between them, as ada@example.com,bob@example.com";
  const unique = addresses.filter(
    (address, index) => addresses.findIndex((other) => other.toLowerCase() === address.toLowerCase()) === index,
  );
  return unique.length > MOST_RECIPIENTS ? `has ${unique.length} addresses: Snowflake allows 50` : unique;
}
