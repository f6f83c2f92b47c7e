/** The schema registry: one table a process, shared by all model clusters. Start reading at `schema.ts`. */
import { applyDefaults } from './defaults.ts';
import { decode } from './decode.ts';
import { decodeProtobuf } from './protobuf.ts';
import type { Schema } from './schema.ts';
import { strategicMerge } from './strategic-merge.ts';

export { parseJson } from './parse-json.ts';
export type { ParsedJson } from './parse-json.ts';
export { typeOfKind } from './types.ts';

export const schema: Schema = { decode, decodeProtobuf, applyDefaults, strategicMerge };
