import type { ResultColumn, StageTransfer } from "../../account/result";
import { VARCHAR, type DataType } from "../../sql/ast/dataType";
import type { GrantSigner } from "../grant";

/** Path below which stage files are read and written over HTTP. */
export const STAGE_PATH = "/stage";

/** Size from which drivers would split an upload: never. */
const MULTIPART_THRESHOLD_BYTES = Number.MAX_SAFE_INTEGER;

const FILE_SIZE: DataType = { kind: "NUMBER", precision: 38, scale: 0 };

/** Columns of the tables that drivers make of a transfer. Source: "PUT", "GET", section Output. */
const TRANSFER_COLUMNS: Readonly<Record<StageTransfer["direction"], readonly (readonly [string, DataType])[]>> = {
  UPLOAD: [
    ["source", VARCHAR],
    ["target", VARCHAR],
    ["source_size", FILE_SIZE],
    ["target_size", FILE_SIZE],
    ["source_compression", VARCHAR],
    ["target_compression", VARCHAR],
    ["status", VARCHAR],
    ["message", VARCHAR],
  ],
  DOWNLOAD: [
    ["file", VARCHAR],
    ["size", FILE_SIZE],
    ["status", VARCHAR],
    ["message", VARCHAR],
  ],
};

/** The columns of PUT's or GET's result; the rows are made by the driver. */
export function transferColumns(transfer: StageTransfer): readonly ResultColumn[] {
  return TRANSFER_COLUMNS[transfer.direction].map(([name, type]) => ({ name, type, nullable: true }));
}

/**
 * How a driver is told to reach the stage's files. Both are forms of Google Cloud Storage, the only one of the object
 * stores that drivers reach without TLS. The `bearer` form lets the driver name the file itself and ask for it first
 * (so that OVERWRITE = FALSE can skip it); drivers that insist on TLS there get the `presigned` form.
 */
export type TransferForm = "bearer" | "presigned";

/** @param userAgent the request's User-Agent */
export function transferForm(userAgent: string): TransferForm {
  return /^JavaScript\/|^PythonConnector\/(?:[5-9]|\d\d)/.test(userAgent) ? "bearer" : "presigned";
}

/**
 * The keys that PUT and GET add to an answer.
 *
 * @param base `http://host:port` of this server as the client knows it
 */
export function transferAnswer(
  transfer: StageTransfer,
  form: TransferForm,
  base: string,
  grants: GrantSigner,
): Record<string, unknown> {
  const upload = transfer.direction === "UPLOAD";
  const location = stageLocation(transfer);
  const access = upload ? (transfer.overwrite ? "replace" : "add") : "read";
  const token = grants.sign({ kind: "stage", access, location });
  const url = (file: string): string => `${base}${STAGE_PATH}/${encodePath(location + file)}?grant=${token}`;
  const localPath = clientPath(transfer);
  const bearer = form === "bearer";
  return {
    command: transfer.direction,
    kind: transfer.direction,
    operation: "Node",
    src_locations: upload ? [localPath] : transfer.files,
    ...(upload ? {} : { localLocation: localPath }),
    autoCompress: transfer.autoCompress,
    sourceCompression: transfer.sourceCompression,
    overwrite: transfer.overwrite,
    parallel: transfer.parallel,
    threshold: MULTIPART_THRESHOLD_BYTES,
    clientShowEncryptionParameter: false,
    encryptionMaterial: upload ? null : [],
    presignedUrls: upload ? [] : transfer.files.map(url),
    stageInfo: {
      locationType: "GCS",
      location,
      path: location,
      region: "local",
      storageAccount: null,
      isClientSideEncrypted: false,
      creds: bearer ? { GCS_ACCESS_TOKEN: token } : {},
      presignedUrl: upload && !bearer ? url(baseName(localPath)) : null,
      endPoint: bearer ? base + STAGE_PATH : null,
      useS3RegionalUrl: false,
      useRegionalUrl: false,
      useVirtualUrl: false,
    },
  };
}

/** Folder in the stage store, with a slash at its end and none before. */
function stageLocation(transfer: StageTransfer): string {
  return `${transfer.location.replace(/^\/+|\/+$/g, "")}/`;
}

function clientPath(transfer: StageTransfer): string {
  return transfer.localPath.replace(/^file:\/\//, "");
}

function encodePath(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}

/** Last part of a client's path, be it written for Windows or not. */
function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
}
