import { SnowflakeError, unsupported } from "../../errors";

/** The names of Snowflake's character sets in the Encoding Standard. Source: "CREATE FILE FORMAT", ENCODING. */
const LABELS: Readonly<Record<string, string>> = {
  BIG5: "big5",
  EUCJP: "euc-jp",
  EUCKR: "euc-kr",
  GB18030: "gb18030",
  ISO2022JP: "iso-2022-jp",
  ISO88592: "iso-8859-2",
  ISO88595: "iso-8859-5",
  ISO88596: "iso-8859-6",
  ISO88597: "iso-8859-7",
  ISO88598: "iso-8859-8",
  ISO885915: "iso-8859-15",
  KOI8R: "koi8-r",
  SHIFTJIS: "shift_jis",
  UTF8: "utf-8",
  UTF16BE: "utf-16be",
  UTF16LE: "utf-16le",
  WINDOWS874: "windows-874",
  WINDOWS949: "euc-kr",
  WINDOWS1250: "windows-1250",
  WINDOWS1251: "windows-1251",
  WINDOWS1252: "windows-1252",
  WINDOWS1253: "windows-1253",
  WINDOWS1254: "windows-1254",
  WINDOWS1255: "windows-1255",
  WINDOWS1256: "windows-1256",
};

/** Turns bytes into text, piece by piece; without a piece: what is left at the end. */
export type Decode = (piece?: Buffer) => string;

/** Whether the files' bytes are UTF-8. */
export function isUtf8(encoding: string): boolean {
  return plainName(encoding) === "UTF8";
}

function plainName(encoding: string): string {
  return encoding.toUpperCase().replace(/[-_]/g, "");
}

/**
 * A decoder that leaves out a byte order mark.
 *
 * @param encoding ENCODING of the file format
 * @param replace U+FFFD stands for what is no character; else 100144 is thrown
 * @param name how messages call the file
 */
export function decoderOf(encoding: string, replace: boolean, name: string): Decode {
  const set = plainName(encoding);
  const decode =
    set === "ISO88591" ? latin1 : set === "UTF16" ? utf16(replace) : standard(LABELS[set], encoding, replace);
  return (piece) => {
    try {
      return decode(piece);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ERR_ENCODING_INVALID_ENCODED_DATA") throw error;
      const what = set === "UTF8" ? "UTF8" : set;
      const advice =
        set === "UTF8" ? "save it in UTF-8, or correct the data" : "name its ENCODING, or correct the data";
      throw new SnowflakeError("100144", "22000", `Invalid ${what} detected in file '${name}': ${advice}.`);
    }
  };
}

const latin1: Decode = (piece) => piece?.toString("latin1") ?? "";

function standard(label: string | undefined, encoding: string, replace: boolean): Decode {
  if (label === undefined) throw unsupported(`ENCODING = ${encoding}`);
  const decoder = new TextDecoder(label, { fatal: !replace });
  return (piece) => decoder.decode(piece, { stream: piece !== undefined });
}

/** The byte order is in the mark; without one the higher byte comes first. */
function utf16(replace: boolean): Decode {
  let decode: Decode | undefined;
  let held = Buffer.alloc(0);
  return (piece) => {
    if (!decode) {
      held = Buffer.concat([held, piece ?? Buffer.alloc(0)]);
      if (held.length < 2 && piece) return "";
      const little = held[0] === 0xff && held[1] === 0xfe;
      decode = standard(little ? "utf-16le" : "utf-16be", "UTF16", replace);
      const text = held.length > 0 ? decode(held) : "";
      return piece ? text : text + decode();
    }
    return decode(piece);
  };
}
