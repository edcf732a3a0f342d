/** One condition as it was written; what it means depends on the type of the field. */
export interface Condition {
  readonly text: string;
  readonly field: string;
  readonly operator: Operator;
  readonly value: string;
}

/** Written but not understood. The instance drops it, unless it is told to give no rows. */
export interface Malformed {
  readonly text: string;
}

export interface Order {
  readonly field: string;
  readonly descending: boolean;
}

export interface Query {
  /** Any clause may hold; in a clause all groups must; in a group any condition may. */
  readonly clauses: readonly (readonly (readonly (Condition | Malformed)[])[])[];
  readonly orders: readonly Order[];
}

/** Longer operators first: the first that fits is taken. */
const operators = [
  'GT_OR_EQUALS_FIELD',
  'LT_OR_EQUALS_FIELD',
  'EMPTYSTRING',
  'ISNOTEMPTY',
  'INSTANCEOF',
  'STARTSWITH',
  'RELATIVEGT',
  'RELATIVELT',
  'RELATIVEGE',
  'RELATIVELE',
  'RELATIVEEE',
  'GT_FIELD',
  'LT_FIELD',
  'NOT LIKE',
  'ANYTHING',
  'ENDSWITH',
  'DATEPART',
  'MORETHAN',
  'LESSTHAN',
  'ISEMPTY',
  'BETWEEN',
  'NSAMEAS',
  'DYNAMIC',
  'SAMEAS',
  'NOT IN',
  'NOTON',
  'LIKE',
  'IN',
  'ON',
  '!=',
  '!*',
  '>=',
  '<=',
  '=',
  '>',
  '<',
  '*',
  '%',
] as const;

export type Operator = (typeof operators)[number];

const fieldPattern = /^[a-z0-9_]+(?:\.[a-z0-9_]+)*/;

/**
 * Reads an encoded query: `a=1^ORa=2^b>3^NQc=4^ORDERBYd^ORDERBYDESCe`.
 * `^OR` belongs to the condition before it, `^NQ` separates whole clauses; there are no parentheses and no escape for `^`.
 */
export function parseQuery(text: string): Query {
  const clauses: (Condition | Malformed)[][][] = [];
  const orders: Order[] = [];
  let clause: (Condition | Malformed)[][] = [];
  for (const [index, raw] of text.split('^').entries()) {
    if (raw === '' || raw === 'EQ') continue;
    const order = parseOrder(raw);
    if (order) {
      orders.push(order);
      continue;
    }
    if (raw.startsWith('NQ')) {
      clauses.push(clause);
      clause = [];
    }
    const joined = index > 0 && raw.startsWith('OR');
    const part = raw.startsWith('NQ') || joined ? raw.slice(2) : raw;
    if (part === '') continue;
    const group = joined ? clause.at(-1) : undefined;
    if (group) group.push(parseCondition(part));
    else clause.push([parseCondition(part)]);
  }
  return { clauses: [...clauses, clause], orders };
}

function parseOrder(part: string): Order | undefined {
  if (part.startsWith('ORDERBYDESC')) return { field: part.slice(11), descending: true };
  return part.startsWith('ORDERBY') ? { field: part.slice(7), descending: false } : undefined;
}

function parseCondition(text: string): Condition | Malformed {
  const field = fieldPattern.exec(text)?.[0];
  if (field === undefined) return { text };
  const rest = text.slice(field.length);
  const operator = operators.find((one) => rest.startsWith(one));
  return operator === undefined ? { text } : { text, field, operator, value: rest.slice(operator.length) };
}
