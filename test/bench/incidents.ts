/** A row of a table as it is loaded into the simulator: field name to text. */
export type Row = Readonly<Record<string, string>>;

const words = (
  'the service is not reachable from branch office since this morning user reports an error after login when opening mailbox print queue stuck ' +
  'restart helped for a while then happened again please check certificate disk space firewall rule change database connection pool exhausted ' +
  'workaround applied vendor informed password reset required slow response timeout during batch job invoice payroll order portal network switch'
).split(' ');

const services = 40;
const groups = 25;
const items = 600;
const problems = 300;
const changes = 200;
const dayMs = 86_400_000;

/** Mulberry32: the same seed gives the same rows on every machine. */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** The rows that incidents refer to, by table: dot-walked names come from them. */
export function references(): Readonly<Record<string, readonly Row[]>> {
  const named = (kind: string, count: number): readonly Row[] =>
    Array.from({ length: count }, (_, index) => ({ sys_id: idOf(kind, index), name: `${kind} ${index} of the example organisation` }));
  const numbered = (kind: string, count: number): readonly Row[] =>
    Array.from({ length: count }, (_, index) => ({ sys_id: idOf(kind, index), short_description: `${kind} ${index}` }));
  return {
    cmdb_ci_service: named('service', services),
    sys_user_group: named('group', groups),
    cmdb_ci: named('item', items),
    problem: numbered('problem', problems),
    change_request: numbered('change', changes),
  };
}

/**
 * Incidents of the year before `now`: 30 fields, eight of them references, a title of some 60 and a description of some 300 characters, random ids as
 * ServiceNow makes them. One in ten shares its second with the one before it.
 */
export function* incidents(count: number, now: string, seed = 1): Iterable<Row> {
  const random = randomFrom(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const pick = <T>(list: readonly T[]): T => list[below(list.length)] as T;
  const text = (length: number): string => {
    let made = pick(words);
    while (made.length < length) made += ` ${pick(words)}`;
    return made;
  };
  const end = Date.parse(now) - dayMs;
  const step = (365 * dayMs) / count;
  let updated = end - 365 * dayMs;
  for (let index = 0; index < count; index += 1) {
    if (index % 10 !== 0) updated = end - (count - index) * step;
    const opened = updated - below(5 * dayMs);
    const closed = random() < 0.9;
    const priority = String(1 + below(5));
    const sysId = Array.from({ length: 4 }, () => below(0x1_0000_0000).toString(16).padStart(8, '0')).join('');
    yield {
      sys_id: sysId,
      number: `INC${String(1_000_000 + index)}`,
      sys_created_on: literal(opened),
      sys_updated_on: literal(updated),
      sys_updated_by: `agent.${below(80)}`,
      opened_at: literal(opened),
      short_description: text(50),
      description: text(300),
      state: closed ? '7' : '2',
      priority,
      impact: String(1 + below(3)),
      urgency: String(1 + below(3)),
      category: `category ${below(7)}`,
      subcategory: `subcategory ${below(13)}`,
      contact_type: pick(['phone', 'self-service', 'monitoring']),
      business_service: idOf('service', below(services)),
      cmdb_ci: random() < 0.7 ? idOf('item', below(items)) : '',
      assignment_group: idOf('group', below(groups)),
      assigned_to: idOf('agent', below(80)),
      caller_id: idOf('caller', below(900)),
      problem_id: random() < 0.15 ? idOf('problem', below(problems)) : '',
      caused_by: random() < 0.05 ? idOf('change', below(changes)) : '',
      rfc: random() < 0.05 ? idOf('change', below(changes)) : '',
      made_sla: String(random() < 0.9),
      reopen_count: String(random() < 0.1 ? 1 : 0),
      reassignment_count: String(below(4)),
      resolved_at: closed ? literal(updated) : '',
      closed_at: closed ? literal(updated) : '',
      close_code: closed ? closeCodeOf(random()) : '',
      close_notes: closed ? text(120) : '',
    };
  }
}

/** Few incidents are closed as duplicates, and the mapping takes these for no input. */
function closeCodeOf(share: number): string {
  if (share < 0.03) return 'Duplicate';
  return share < 0.5 ? 'Solved (Permanently)' : share < 0.8 ? 'Solved (Work Around)' : 'Resolved by caller';
}

/** `yyyy-MM-dd HH:mm:ss` in UTC, as ServiceNow stores instants. */
function literal(at: number): string {
  return new Date(at).toISOString().slice(0, 19).replace('T', ' ');
}

/** A 32-digit id that looks random, so that keys do not lie next to each other in an index. */
function idOf(kind: string, index: number): string {
  const random = randomFrom(kind.length * 7919 + kind.charCodeAt(0) * 104_729 + index * 31);
  return Array.from({ length: 4 }, () =>
    Math.floor(random() * 0x1_0000_0000)
      .toString(16)
      .padStart(8, '0'),
  ).join('');
}
