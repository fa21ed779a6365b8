import type { StageLocation } from "../ast/query";
import { printIdentifier, printObjectName } from "./name";
import { quoteString } from "../../quoting";

/** `'@stage/path'`. */
export function printStageLocation(location: StageLocation): string {
  return quoteString(printStageReference(location));
}

/** `@stage/path`, of one that was written so. */
export function printStageReference({ stage, path }: StageLocation): string {
  return `@${printStage(stage)}${path === "" ? "" : `/${path}`}`;
}

function printStage(stage: StageLocation["stage"]): string {
  switch (stage.kind) {
    case "user":
      return "~";
    case "named":
      return printObjectName(stage.name);
    case "table": {
      const parts = stage.name.map(printIdentifier);
      return [...parts.slice(0, -1), `%${parts.at(-1)!}`].join(".");
    }
  }
}
