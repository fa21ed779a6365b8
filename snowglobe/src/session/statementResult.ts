export type * from "../statements/result";
