import type { Json, JsonObject } from '../json.js';
import type { Clause, Operand, Query } from '../jql/parse.js';

/** The `structure` of /jql/parse. */
export function describeQuery(query: Query): JsonObject {
  return {
    ...(query.where !== undefined && { where: describeClause(query.where) }),
    ...(query.orderBy.length > 0 && {
      orderBy: {
        fields: query.orderBy.map((order) => ({
          field: { name: order.field, encodedName: order.field },
          direction: order.descending ? 'desc' : 'asc',
        })),
      },
    }),
  };
}

function describeClause(clause: Clause): JsonObject {
  if (clause.kind === 'not') return { operator: 'not', clauses: [describeClause(clause.clause)] };
  if (clause.kind !== 'compare') return { operator: clause.kind, clauses: clause.clauses.map(describeClause) };
  const operands = clause.operands.map(describeOperand);
  return {
    field: { name: clause.field, encodedName: clause.field },
    operator: clause.operator,
    operand: clause.list ? { values: operands } : (operands[0] ?? null),
  };
}

function describeOperand(operand: Operand): Json {
  if (operand.kind === 'empty') return { keyword: 'empty' };
  if (operand.kind === 'function') return { function: operand.name, arguments: operand.args };
  return { value: operand.text, encodedValue: operand.text };
}
