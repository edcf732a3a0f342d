import { Failure, type Instant, type RangeAsk } from 'golden-thread/kit';

/** What may stand as a value in a query that is built here: no `^` (its escaping is undocumented), no comma, no bracket of `javascript:`. */
const plainValue = /^[A-Za-z0-9:_. -]{1,200}$/;
const scripted = /^\s*javascript:/i;
/** A sys_id: 32 hexadecimal digits as a rule, but some tables carry ids such as `glide.maint`. */
const plainKey = /^[A-Za-z0-9_.:-]{1,64}$/;

/**
 * `value`, if it can stand in a condition without ending it or being run as a script; otherwise fails with `record`.
 * Ticket text is written by strangers, and an encoded query has no quoting.
 */
export function queryValue(value: string): string {
  if (!plainValue.test(value) || scripted.test(value))
    throw new Failure('record', `${JSON.stringify(value.slice(0, 60))} cannot be searched for in ServiceNow`, {
      hint: 'only letters, digits, blanks and : _ . - can stand in an encoded query',
      committed: 'no',
    });
  return value;
}

/** Whether `key` can be a sys_id that a query may name. */
export function isPlainKey(key: string): boolean {
  return plainKey.test(key) && !scripted.test(key);
}

/** `field=value`, `field>value`: one condition whose value cannot escape it. */
export function condition(field: string, operator: '=' | '>' | '>=' | '<' | '<=' | '!=', value: string): string {
  return `${fieldName(field)}${operator}${queryValue(value)}`;
}

/** `fieldINa,b,c`. Keep it to 40 ids: an address over 2,048 characters is refused with 414. */
export function among(field: string, values: readonly string[]): string {
  return `${fieldName(field)}IN${values.map(queryValue).join(',')}`;
}

/** What a query for ids may take of an address, encoded: 2,048 characters are refused with 414, and host, path and parameters need some. */
const roomForIds = 1_500;
const mostIds = 40;
/** 32 digits and an encoded comma. */
const roomOfId = 35;

/** `keys` in portions that fit into one address beside `others` (a filter, column names); each key once, those that cannot be ids left out. */
export function idBatches(keys: readonly string[], ...others: readonly (string | undefined)[]): readonly (readonly string[])[] {
  const taken = others.reduce((sum, other) => sum + encodeURIComponent(other ?? '').length, 0);
  const size = Math.max(1, Math.min(mostIds, Math.floor((roomForIds - taken) / roomOfId)));
  const askable = [...new Set(keys)].filter(isPlainKey);
  return Array.from({ length: Math.ceil(askable.length / size) }, (_, n) => askable.slice(n * size, (n + 1) * size));
}

/** A column, dot-walked or not, as it may stand in `sysparm_fields` and in a query. */
export function fieldName(name: string): string {
  if (!/^[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*)*$/.test(name))
    throw new Failure('config', `${JSON.stringify(name.slice(0, 80))} is not a field name of ServiceNow`, {
      hint: 'a field is written as in sys_dictionary: priority, business_service.name',
    });
  return name;
}

/** The instant as ServiceNow reads it in a query and in a body: UTC, `yyyy-MM-dd HH:mm:ss`, milliseconds cut off. */
export function utcLiteral(instant: Instant): string {
  const at = Date.parse(instant);
  if (Number.isNaN(at)) throw new Failure('contract', `${JSON.stringify(instant)} is not an instant`);
  return new Date(Math.floor(at / 1000) * 1000).toISOString().slice(0, 19).replace('T', ' ');
}

/**
 * The query for a range, oldest change first: `U>=T^U>T^ORid>S` is "U>=T and (U>T or id>S)", because `^OR` binds to the condition
 * just before it. So no `^NQ` is needed, whose scope over ORDERBY is not documented. `from` is inclusive and therefore floored; row
 * stamps have whole seconds, which makes the floored comparisons exact.
 */
export function rangeQuery(filter: string | undefined, ask: Pick<RangeAsk, 'from' | 'after' | 'until'>): string {
  return [
    ...(filter === undefined ? [] : [filter]),
    condition('sys_updated_on', '>=', utcLiteral(ask.from)),
    ...(ask.after === undefined ? [] : [behind(ask.after)]),
    ...(ask.until === undefined ? [] : [condition('sys_updated_on', '<=', utcLiteral(ask.until))]),
    'ORDERBYsys_updated_on',
    'ORDERBYsys_id',
  ].join('^');
}

function behind(after: NonNullable<RangeAsk['after']>): string {
  return `${condition('sys_updated_on', '>', utcLiteral(after.updatedAt))}^OR${condition('sys_id', '>', after.key)}`;
}

/**
 * Tells of a row's raw stamp and sys_id whether it lies in the range that was asked for. ServiceNow drops conditions that it does not understand or does not allow and
 * answers with everything, so each row is held against the question. Keys compare without case, as the database does.
 */
export function liesInRange(ask: Pick<RangeAsk, 'from' | 'after' | 'until'>): (stamp: string, key: string) => boolean {
  const from = utcLiteral(ask.from);
  const until = ask.until === undefined ? undefined : utcLiteral(ask.until);
  const after = ask.after && { stamp: utcLiteral(ask.after.updatedAt), key: ask.after.key.toLowerCase() };
  return (stamp, key) => {
    if (stamp < from || (until !== undefined && stamp > until)) return false;
    if (after === undefined) return true;
    return stamp === after.stamp ? key.toLowerCase() > after.key : stamp > after.stamp;
  };
}

/** Why `filter` cannot be put in front of a range, or undefined when it can. */
export function objectionToFilter(filter: string): string | undefined {
  if (/ORDERBY|GROUPBY/i.test(filter)) return 'holds ORDERBY or GROUPBY: the order is the connector’s business, remove it';
  if (/\^(NQ|EQ)/.test(filter)) return 'holds ^NQ or ^EQ: what follows would not be restricted to the range that is read, remove it';
  if (/^\s*\^|\^\s*$|\^\^/.test(filter)) return 'starts or ends with ^, or holds an empty condition';
  if (/^OR[a-z]/.test(filter)) return 'starts with OR';
  if (/\p{Cc}/u.test(filter)) return 'holds a control character';
  return undefined;
}
