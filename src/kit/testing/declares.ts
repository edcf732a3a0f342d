import type { OpenConnector } from 'golden-thread/kit';
import { secretsIn } from '../secret.js';
import { demand, onFreshSystem, promise, type Promised } from './case.js';
import { demandNoCredentials } from './credentials.js';
import type { Subject } from './subject.js';

/** Declares itself: who it is, what it can be configured with, what it offers; and that `check` tells good from bad. */
export function declaresItself(subject: Subject): readonly Promised[] {
  const { connector } = subject;
  return [
    promise('it has an id, a description and a configuration that refuses unknown keys', async () => demandIdentity(subject)),
    promise('bad configurations are refused, and what is said about them holds no credential', async () => demandRefusals(subject)),
    promise('what looks like a credential is marked as a secret', async () => {
      const config = connector.config.parse(subject.goodConfig);
      const marked = new Set(secretsIn(connector.config, config));
      demand(marked.size > 0, 'no field of the configuration is marked with secret()');
      const unmarked = textsByPath(config).filter(([path, text]) => looksSecret(path) && !marked.has(text));
      demand(unmarked.length === 0, `not marked with secret(): ${unmarked.map(([path]) => path).join(', ')}`);
    }),
    promise('opening it makes no request', () =>
      onFreshSystem(subject, async () => {
        await subject.open();
        demand((await subject.requests()) === 0, 'open() made a request: a system that is down would keep the others from starting');
      }),
    ),
    promise('its streams and resources have names, descriptions and fields', () =>
      onFreshSystem(subject, async () => demandParts(await subject.open())),
    ),
    promise('every stream and every resource is driven by this suite', async () => {
      const open = await subject.open();
      const driven = [...subject.streams.map((one) => one.stream), ...(subject.sinks ?? []).map((one) => one.resource)];
      const all = [...open.streams, ...(open.sink?.resources ?? [])].map((one) => one.name);
      const left = all.filter((name) => !driven.includes(name));
      demand(left.length === 0, `no driver for ${left.join(', ')}`);
    }),
    promise('check finds nothing wrong with a good configuration', () =>
      onFreshSystem(subject, async () => {
        const results = await (await subject.open()).check();
        demand(results.length > 0, 'check() found nothing to check');
        for (const { what, outcome, found } of results) demand(outcome !== 'failed' && found !== '', `${what}: ${outcome}: ${found}`);
        demandNoCredentials(subject, results);
      }),
    ),
    promise('check names wrong credentials and says what to do, without throwing', () =>
      onFreshSystem(subject, async () => {
        const results = await (await subject.open({ credentials: 'wrong' })).check();
        const failed = results.filter((one) => one.outcome === 'failed');
        demand(failed.length > 0, 'check() found nothing wrong with credentials that the system refuses');
        demand(
          failed.some((one) => (one.hint ?? '') !== ''),
          'no failed result of check() says what to do',
        );
        demandNoCredentials(subject, results);
      }),
    ),
  ];
}

function demandIdentity({ connector, goodConfig }: Subject): void {
  demand(/^[a-z][a-z0-9-]*$/.test(connector.id), `the id ${JSON.stringify(connector.id)} is not lower case`);
  demand(connector.about.trim() !== '', 'about is empty');
  const good = connector.config.safeParse(goodConfig);
  demand(good.success, `the good configuration is refused: ${String(good.error)}`);
  const unknown = connector.config.safeParse({ ...(goodConfig as object), unknownKeyOfTheSuite: 1 });
  demand(!unknown.success, 'a key that means nothing is accepted: use z.strictObject');
}

function demandRefusals(subject: Subject): void {
  demand(subject.badConfigs.length > 0, 'the subject offers no bad configuration');
  for (const { why, config } of subject.badConfigs) {
    const parsed = subject.connector.config.safeParse(config);
    demand(!parsed.success, `accepted in spite of: ${why}`);
    demandNoCredentials(subject, parsed.error.issues);
  }
}

function demandParts(open: OpenConnector): void {
  demand(open.streams.length > 0, 'it has no stream');
  const names = open.streams.map((one) => one.name);
  demand(new Set(names).size === names.length, `two streams have one name: ${names.join(', ')}`);
  for (const stream of open.streams) demand(stream.about.trim() !== '', `stream ${stream.name} has no description`);
  for (const resource of open.sink?.resources ?? []) {
    demand(resource.about.trim() !== '', `resource ${resource.name} has no description`);
    demand(names.includes(resource.stream), `resource ${resource.name} is read back from ${resource.stream}, which is no stream`);
  }
}

/** Names that configurations give to credentials. */
function looksSecret(path: string): boolean {
  return /(password|passphrase|secret|token|api_?key|private_?key)$/i.test(path);
}

function textsByPath(value: unknown, path = ''): readonly (readonly [string, string])[] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, item]) => textsByPath(item, path === '' ? name : `${path}.${name}`));
}
