import { appendFileSync } from "node:fs";
import path from "node:path";
import type snowflake from "snowflake-sdk";

/** Whether the cases are to run on a real account; see README.md. */
export const ON_ACCOUNT = process.env.SNOWGLOBE_CASES === "account";

/** How to connect to the account that the environment names. @throws Error that names a variable that is missing */
export function accountConnection(): snowflake.ConnectionOptions {
  const given = (name: string): string => {
    const value = process.env[name];
    if (!value) throw new Error(`SNOWGLOBE_CASES=account needs ${name}`);
    return value;
  };
  return {
    account: given("SNOWFLAKE_ACCOUNT"),
    username: given("SNOWFLAKE_USER"),
    password: given("SNOWFLAKE_PASSWORD"),
    database: given("SNOWFLAKE_DATABASE"),
    warehouse: given("SNOWFLAKE_WAREHOUSE"),
  };
}

/** Notes a case that an account has answered as it says. */
export function confirm(name: string): void {
  appendFileSync(path.join(__dirname, "confirmed.txt"), `${name}\n`);
}
