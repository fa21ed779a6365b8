/** Microseconds since 1970-01-01 UTC, or a length of time in microseconds. */
export type Microseconds = number;
