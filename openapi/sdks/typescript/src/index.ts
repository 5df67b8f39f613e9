export { Boxoffice, type BoxofficeOptions } from './client.js';
export type { Follow, Followed } from './events.js';
export type { Options } from './generated/sdk.gen.js';
export { ProblemTypes } from './generated/tables.js';
export type * from './generated/types.gen.js';
export { ProblemError, UnreachableError } from './problem.js';
export type { RetryOptions } from './retry.js';
