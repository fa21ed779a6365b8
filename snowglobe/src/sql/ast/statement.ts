import type { AlterAttachments } from "./statements/attachment";
import type { AlterPolicy, CreatePolicy } from "./statements/policy";
import type { AlterTag, CreateTag } from "./statements/tag";
import type { Block } from "./scripting";
import type { AlterAlert, CreateAlert, ExecuteAlert } from "./statements/alert";
import type { AlterDatabase, AlterSchema, CreateDatabase, CreateSchema } from "./statements/container";
import type { Delete, Insert, Merge, MultiTableInsert, QueryStatement, Truncate, Update } from "./statements/dml";
import type { AlterDynamicTable, CreateDynamicTable } from "./statements/dynamicTable";
import type { AlterIntegration, CreateNotificationIntegration } from "./statements/integration";
import type {
  CommentOn,
  Describe,
  DescribeResult,
  DescribeTransaction,
  Drop,
  Show,
  ShowGrants,
  Undrop,
} from "./statements/metadata";
import type { AlterRoutine, Call, CreateRoutine } from "./statements/routine";
import type {
  AlterAccount,
  AlterRole,
  AlterUser,
  CreateDatabaseRole,
  CreateRole,
  CreateUser,
  GrantOwnership,
  GrantPrivileges,
  GrantRole,
  Use,
  UseSecondaryRoles,
} from "./statements/security";
import type { AlterSequence, CreateSequence } from "./statements/sequence";
import type {
  AlterSession,
  BeginTransaction,
  Commit,
  ExecuteFile,
  ExecuteImmediate,
  Explain,
  ExplainChanges,
  Pipe,
  Rollback,
  SetVariables,
  UnsetVariables,
  UnsupportedStatement,
} from "./statements/session";
import type {
  AlterFileFormat,
  AlterStage,
  CopyIntoLocation,
  CopyIntoTable,
  CreateFileFormat,
  CreateStage,
  Get,
  ListFiles,
  Put,
  RemoveFiles,
} from "./statements/stage";
import type { AlterStream, CreateStream } from "./statements/stream";
import type { AlterTable, CreateTable } from "./statements/table";
import type { AlterTask, CreateTask, ExecuteTask } from "./statements/task";
import type { AlterView, CreateView } from "./statements/view";
import type { AlterWarehouse, CreateWarehouse } from "./statements/warehouse";

/**
 * Any statement. `span` runs from the first token to the last: without the closing semicolon, and without comments
 * before and after.
 */
export type Statement =
  | QueryStatement
  | Insert
  | MultiTableInsert
  | Update
  | Delete
  | Merge
  | Truncate
  | CopyIntoTable
  | CopyIntoLocation
  | Put
  | Get
  | ListFiles
  | RemoveFiles
  | CreateTable
  | AlterTable
  | CreateView
  | AlterView
  | CreateDynamicTable
  | AlterDynamicTable
  | CreateStream
  | AlterStream
  | CreateTask
  | AlterTask
  | ExecuteTask
  | CreateAlert
  | AlterAlert
  | ExecuteAlert
  | CreateDatabase
  | AlterDatabase
  | CreateSchema
  | AlterSchema
  | CreateWarehouse
  | AlterWarehouse
  | CreateRole
  | CreateDatabaseRole
  | AlterRole
  | CreateUser
  | AlterUser
  | AlterAccount
  | CreateNotificationIntegration
  | AlterIntegration
  | CreateStage
  | AlterStage
  | CreateFileFormat
  | AlterFileFormat
  | CreateTag
  | AlterTag
  | CreatePolicy
  | AlterPolicy
  | AlterAttachments
  | CreateSequence
  | AlterSequence
  | CreateRoutine
  | AlterRoutine
  | Call
  | Drop
  | Undrop
  | Describe
  | DescribeResult
  | DescribeTransaction
  | CommentOn
  | Show
  | ShowGrants
  | GrantPrivileges
  | GrantRole
  | GrantOwnership
  | Use
  | UseSecondaryRoles
  | AlterSession
  | SetVariables
  | UnsetVariables
  | BeginTransaction
  | Commit
  | Rollback
  | Explain
  | ExplainChanges
  | ExecuteFile
  | ExecuteImmediate
  | Pipe
  | Block
  | UnsupportedStatement;

export type StatementKind = Statement["kind"];
/** The node of one kind: `StatementOf<"createTable">`. */
export type StatementOf<K extends StatementKind> = Extract<Statement, { readonly kind: K }>;
