/** A request that is wrong as HTTP, before it means anything to the protocol. */
export class HttpError extends Error {
  override readonly name = "HttpError";

  /** @param status the HTTP status to answer with */
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}
