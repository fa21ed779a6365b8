import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { StageTransfer } from "../../src/account/result";
import { StatementType } from "../../src/account/statementType";
import { VARCHAR } from "../../src/sql/ast/dataType";
import { column, table, type FakeEngine } from "./fakeEngine";

/** The folder behind the stage `@st` in the stage store. */
export const STAGE_FOLDER = "s1";

/** Teaches a fake engine `PUT file... @st[/path] [options]` and `GET @st[/path] file...`. */
export function teachStages(engine: FakeEngine): void {
  engine.on(/^(put|get)\s/i, async ({ sqlText }) => {
    const upload = /^put/i.test(sqlText);
    const local = /'file:\/\/([^']+)'|file:\/\/(\S+)/i.exec(sqlText)!.slice(1).find(Boolean)!;
    const folder = `${STAGE_FOLDER}/${/@st\/?([^'\s;]*)/i.exec(sqlText)![1]!}`.replace(/\/?$/, "/");
    const files = upload ? [] : readdirSync(join(engine.stageRoot, folder)).sort();
    const transfer: StageTransfer = {
      direction: upload ? "UPLOAD" : "DOWNLOAD",
      localPath: local,
      location: folder,
      files,
      autoCompress: !/auto_compress\s*=\s*false/i.test(sqlText),
      sourceCompression: "auto_detect",
      overwrite: /overwrite\s*=\s*true/i.test(sqlText),
      parallel: 4,
    };
    return {
      ...table([column("source", VARCHAR)], []),
      statementTypeId: upload ? StatementType.PUT : StatementType.GET,
      transfer,
    };
  });
}
