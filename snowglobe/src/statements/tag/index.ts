import type { StatementModule } from "../../execution/statementModule";
import { showTags } from "./showTags";
import { alterTag, createTag } from "./tag";
import { tagDdl } from "./tagDdl";
import { getTagAllowedValuesFunction, getTagFunction } from "./tagFunctions";
import { TAG_USAGE } from "./tagUsage";
import { tagReferencesAllColumnsRelation, tagReferencesRelation } from "./tagReferencesFunction";

/** Tags as objects, and what is asked of them. */
export const tagModule: StatementModule = {
  definitions: { createTag, alterTag },
  show: { TAGS: showTags },
  ddl: { TAG: tagDdl },
  functions: {
    SYSTEM$GET_TAG: getTagFunction,
    SYSTEM$GET_TAG_ALLOWED_VALUES: getTagAllowedValuesFunction,
  },
  tableFunctions: {
    TAG_REFERENCES: tagReferencesRelation,
    TAG_REFERENCES_ALL_COLUMNS: tagReferencesAllColumnsRelation,
  },
  accountUsage: TAG_USAGE,
};
