import type { Section } from "../probe";
import { account } from "./account";
import { aggregateFunctions } from "./aggregateFunctions";
import { contextFunctions } from "./contextFunctions";
import { conversionFunctions } from "./conversionFunctions";
import { data } from "./data";
import { dataTypes } from "./dataTypes";
import { dateFunctions } from "./dateFunctions";
import { driver } from "./driver";
import { dynamicTables } from "./dynamicTables";
import { metadata } from "./metadata";
import { namesAndTime } from "./namesAndTime";
import { numericFunctions } from "./numericFunctions";
import { queries } from "./queries";
import { scripting } from "./scripting";
import { semiStructuredFunctions } from "./semiStructuredFunctions";
import { streams } from "./streams";
import { tables } from "./tables";
import { tasksAndAlerts } from "./tasksAndAlerts";
import { textFunctions } from "./textFunctions";

/** All probes, in the page's order. */
export const SECTIONS: readonly Section[] = [
  tables,
  account,
  data,
  dynamicTables,
  streams,
  tasksAndAlerts,
  scripting,
  queries,
  namesAndTime,
  dataTypes,
  numericFunctions,
  textFunctions,
  dateFunctions,
  conversionFunctions,
  semiStructuredFunctions,
  aggregateFunctions,
  contextFunctions,
  metadata,
  driver,
];
