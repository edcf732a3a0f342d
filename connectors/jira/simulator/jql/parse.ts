import { type SyntaxProblem, type Token, place, readTokens } from './lex.js';

export type Operator = '=' | '!=' | '>' | '>=' | '<' | '<=' | '~' | '!~' | 'in' | 'not in' | 'is' | 'is not';

/** A single value; `quoted` tells `1732877091000` (milliseconds) from `"1732877091000"`. */
export interface Value {
  readonly kind: 'value';
  readonly text: string;
  readonly quoted: boolean;
}

export interface FunctionCall {
  readonly kind: 'function';
  readonly name: string;
  readonly args: readonly string[];
}

export interface Empty {
  readonly kind: 'empty';
}

export type Operand = Value | FunctionCall | Empty;

export type Clause =
  | { readonly kind: 'and' | 'or'; readonly clauses: readonly Clause[] }
  | { readonly kind: 'not'; readonly clause: Clause }
  | {
      readonly kind: 'compare';
      readonly field: string;
      readonly operator: Operator;
      readonly operands: readonly Operand[];
      readonly list: boolean;
    };

export interface Order {
  readonly field: string;
  readonly descending: boolean;
}

/** A query that can be read; whether its fields and values exist is another question. */
export interface Query {
  readonly where: Clause | undefined;
  readonly orderBy: readonly Order[];
}

const comparisons = ['=', '!=', '>', '>=', '<', '<=', '~', '!~'];
/** Jira's own limit on sort fields. */
const maxSortFields = 7;

/** Reads a query. Syntax errors carry Jira's own sentence, recorded for the common cases. */
export function parseJql(jql: string): Query | SyntaxProblem {
  const tokens = readTokens(jql);
  if ('problem' in tokens) return tokens;
  try {
    return readQuery({ jql, tokens, next: 0 });
  } catch (thrown) {
    if (isProblem(thrown)) return { problem: thrown.problem };
    throw thrown;
  }
}

interface Reader {
  readonly jql: string;
  readonly tokens: readonly Token[];
  next: number;
}

interface Problem extends Error {
  readonly problem: string;
}

const endToken: Token = { kind: 'end', text: '', at: 0 };

function fail(problem: string): never {
  throw Object.assign(new Error(problem), { problem });
}

function isProblem(thrown: unknown): thrown is Problem {
  return thrown instanceof Error && 'problem' in thrown;
}

function peek(reader: Reader, ahead = 0): Token {
  return reader.tokens[reader.next + ahead] ?? endToken;
}

function isWord(token: Token, word: string): boolean {
  return token.kind === 'word' && token.text.toLowerCase() === word;
}

function isSign(token: Token, sign: string): boolean {
  return token.kind === 'sign' && token.text === sign;
}

/** Takes the next token if it is one of these words or signs. */
function take(reader: Reader, ...wanted: readonly string[]): boolean {
  const token = peek(reader);
  if (!wanted.some((each) => isWord(token, each) || isSign(token, each))) return false;
  reader.next += 1;
  return true;
}

function got(reader: Reader): string {
  const token = peek(reader);
  return `'${token.text}'. ${place(reader.jql, token.at)}`;
}

function readQuery(reader: Reader): Query {
  const startsWithOrder = isWord(peek(reader), 'order') && isWord(peek(reader, 1), 'by');
  const where = peek(reader).kind === 'end' || startsWithOrder ? undefined : readOr(reader);
  const orderBy: Order[] = [];
  if (isWord(peek(reader), 'order') && isWord(peek(reader, 1), 'by')) {
    reader.next += 2;
    do {
      const field = readField(reader);
      const descending = take(reader, 'desc');
      if (!descending) take(reader, 'asc');
      orderBy.push({ field, descending });
    } while (take(reader, ','));
    if (orderBy.length > maxSortFields) fail(`Error in the JQL Query: A query can be sorted by at most ${maxSortFields} fields.`);
    if (peek(reader).kind !== 'end') fail(`Error in the JQL Query: Expecting either ',' or the end of the query but got ${got(reader)}`);
  }
  if (peek(reader).kind !== 'end') fail(`Error in the JQL Query: Expecting either 'OR' or 'AND' but got ${got(reader)}`);
  return { where, orderBy };
}

function readOr(reader: Reader): Clause {
  const clauses = [readAnd(reader)];
  while (take(reader, 'or', '||')) clauses.push(readAnd(reader));
  return clauses.length === 1 ? (clauses[0] as Clause) : { kind: 'or', clauses };
}

function readAnd(reader: Reader): Clause {
  const clauses = [readTerm(reader)];
  while (take(reader, 'and', '&&')) clauses.push(readTerm(reader));
  return clauses.length === 1 ? (clauses[0] as Clause) : { kind: 'and', clauses };
}

function readTerm(reader: Reader): Clause {
  if (take(reader, 'not', '!')) return { kind: 'not', clause: readTerm(reader) };
  if (take(reader, '(')) {
    const clause = readOr(reader);
    if (take(reader, ')')) return clause;
    return peek(reader).kind === 'end'
      ? fail("Error in the JQL Query: Expecting ')' before the end of the query.")
      : fail(`Error in the JQL Query: Expecting either 'OR' or 'AND' but got ${got(reader)}`);
  }
  const field = readField(reader);
  return readComparison(reader, field);
}

function readField(reader: Reader): string {
  const token = peek(reader);
  if (token.kind === 'end') fail('Error in the JQL Query: Expecting a field name at the end of the query.');
  if (token.kind === 'sign') fail(`Error in the JQL Query: Expecting a field name but got ${got(reader)}`);
  reader.next += 1;
  return token.text;
}

function readComparison(reader: Reader, field: string): Clause {
  const token = peek(reader);
  if (token.kind === 'sign' && comparisons.includes(token.text)) {
    reader.next += 1;
    return { kind: 'compare', field, operator: token.text as Operator, operands: [readOperand(reader)], list: false };
  }
  if (take(reader, 'is')) {
    const operator = take(reader, 'not') ? 'is not' : 'is';
    return { kind: 'compare', field, operator, operands: [readOperand(reader)], list: false };
  }
  const negated = isWord(token, 'not') && isWord(peek(reader, 1), 'in');
  if (negated) reader.next += 1;
  if (take(reader, 'in')) return { kind: 'compare', field, operator: negated ? 'not in' : 'in', ...readList(reader) };
  if (isWord(token, 'was') || isWord(token, 'changed'))
    fail(`Error in the JQL Query: The '${token.text.toUpperCase()}' operator is not supported by this simulator.`);
  const wanted = "'=', '!=', '<', '>', '<=', '>=', '~', '!~', 'IN', 'IS', 'WAS' or 'CHANGED'";
  if (token.kind === 'end')
    fail(`Error in the JQL Query: Expecting operator before the end of the query. The valid operators are ${wanted}.`);
  fail(
    `Error in the JQL Query: Expecting operator but got '${token.text}'. The valid operators are ${wanted}. ${place(reader.jql, token.at)}`,
  );
}

function readList(reader: Reader): { readonly operands: readonly Operand[]; readonly list: boolean } {
  if (!isSign(peek(reader), '(')) return { operands: [readOperand(reader)], list: false };
  reader.next += 1;
  const operands = [readOperand(reader)];
  while (take(reader, ',')) operands.push(readOperand(reader));
  if (take(reader, ')')) return { operands, list: true };
  return peek(reader).kind === 'end'
    ? fail("Error in the JQL Query: Expecting ')' before the end of the query.")
    : fail(`Error in the JQL Query: Expecting either ',' or ')' but got ${got(reader)}`);
}

function readOperand(reader: Reader): Operand {
  const token = peek(reader);
  if (token.kind === 'end') fail('Error in JQL Query: Expecting either a value, list or function before the end of the query.');
  if (token.kind === 'sign')
    fail(
      `Error in JQL Query: Expecting either a value, list or function but got '${token.text}'. You must surround '${token.text}' in quotation marks to use it as a value. ${place(reader.jql, token.at)}`,
    );
  reader.next += 1;
  if (token.kind === 'word' && isSign(peek(reader), '(')) return readCall(reader, token.text);
  if (token.kind === 'word' && ['empty', 'null'].includes(token.text.toLowerCase())) return { kind: 'empty' };
  return { kind: 'value', text: token.text, quoted: token.kind === 'quoted' };
}

function readCall(reader: Reader, name: string): FunctionCall {
  reader.next += 1;
  const args: string[] = [];
  while (!isSign(peek(reader), ')')) {
    const token = peek(reader);
    if (token.kind === 'end') fail("Error in the JQL Query: Expecting ')' before the end of the query.");
    if (!isSign(token, ',')) args.push(token.text);
    reader.next += 1;
  }
  reader.next += 1;
  return { kind: 'function', name, args };
}
