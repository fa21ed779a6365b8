/** Rows of results: batches of columns, and what the drivers read of them. Knows only DuckDB's vectors and ../sql's types. */
export { arrowRows, type ArrowColumn } from "./arrowRows";
export type { Batch } from "./batch";
export { BatchChunk, BatchInMemory, memoryOf, type RowChunk } from "./chunk";
export { RowCollector, type CollectedRows } from "./collect";
export { ResultFile } from "./resultFile";
export { jsonRows } from "./jsonRows";
