import { Failure, type ConnectorContext, type HttpClient } from 'golden-thread/kit';
import type { JiraConfig } from '../config.js';
import type { JiraClient } from '../client.js';
import type { Dialect } from '../dialect.js';
import { isObject } from '../value.js';
import { dataCenterClient } from './client.js';
import { contentsBelow } from './contents.js';
import { dataCenterDialect } from './dialect.js';
import { peopleOf } from './people.js';
import { isZone } from './query-date.js';
import type { Dates } from './search.js';

/** How a Data Center is spoken to. `contents`: a client of its own, so that what happens to a file beside the API does not stop the API. */
export function openDataCenter(
  config: JiraConfig,
  http: HttpClient,
  log: ConnectorContext['log'],
  contents: HttpClient,
): { readonly client: JiraClient; readonly dialect: Dialect } {
  const people = peopleOf(config.automationUsers);
  const bases = [config.site, ...(config.browseUrl === undefined ? [] : [config.browseUrl])];
  const client = dataCenterClient(http, { people, dates: datesOf(config), plainText: plainTextOf(config) }, contentsBelow(contents, bases));
  return { client, dialect: dataCenterDialect(client, people, config.queryDates, log) };
}

/** Under Jira's own names. */
function plainTextOf({ plainTextFields, customFields }: JiraConfig): ReadonlySet<string> {
  return new Set(plainTextFields.map((name) => customFields[name] ?? name));
}

/** The zone is asked for before every search: an account whose profile was changed meanwhile would else read dates that are hours off. */
function datesOf({ queryDates }: JiraConfig): Dates {
  return {
    async zone(via) {
      if (queryDates === 'epoch') return undefined;
      const { body } = await via({ method: 'GET', path: '/myself' });
      const zone = isObject(body) ? body['timeZone'] : undefined;
      if (typeof zone === 'string' && isZone(zone)) return zone;
      throw new Failure('config', 'the account has no time zone that is known here, so dates in its queries cannot be written', {
        hint: 'set a time zone in the profile of the account, or queryDates: epoch for this system',
      });
    },
  };
}
