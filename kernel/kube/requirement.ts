/** One condition of a label or field selector. */
export type Operator = '=' | '!=' | 'in' | 'notin' | 'exists' | '!exists' | '>' | '<';

export interface Requirement {
  readonly key: string;
  readonly operator: Operator;
  readonly values: readonly string[];
}
