import { randomUUID } from "node:crypto";
import { unsupported } from "../../errors";
import { json } from "../http/answer";
import type { Handler } from "../http/route";

/**
 * The refusal of Snowflake's REST API and SQL API, in the form of their errors. HTTP status 501: nothing of it is
 * implemented. Source: "Snowflake REST APIs", error responses.
 */
export const refuseRestApi: Handler = async ({ message }) => {
  const feature = (message.url ?? "").startsWith("/api/v2/statements") ? "SQL API" : "REST API";
  const { code, message: text } = unsupported(`${feature}: use a driver and SQL`);
  return json({ message: text, code, error_code: code, request_id: randomUUID() }, 501);
};
