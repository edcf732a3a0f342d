import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import type { JsonObject, OpenConnector } from 'golden-thread/kit';
import { testContext } from 'golden-thread/kit/testing';
import nock from 'nock';
import servicenow from '../../connectors/servicenow/index.js';

/** The instance of tests that answer single requests by hand. */
export const instance = 'https://acme.example';
export const tablePath = '/api/now/v2/table';

/** The connector on {@link instance}, whatever `config` and `wanted` say besides. */
export function openServiceNow(
  options: { readonly config?: JsonObject; readonly wanted?: Readonly<Record<string, readonly string[]>>; readonly retries?: number } = {},
): { readonly open: OpenConnector; readonly lines: readonly string[] } {
  const config = servicenow.config.parse({ instance, read: { username: 'reader', password: 'secret-of-reader' }, ...options.config });
  const { context, lines } = testContext({
    system: 'sn',
    wanted: options.wanted ?? {},
    secrets: ['secret-of-reader', 'secret-of-writer', 'secret-of-client'],
    retries: options.retries ?? 0,
  });
  return { open: servicenow.open(config, context), lines };
}

/** Headers of a list answer: the instance's clock and the raw count. */
export function listHeaders(total: number | undefined, now = 'Sat, 21 Nov 2026 12:00:00 GMT'): Record<string, string> {
  return { 'content-type': 'application/json;charset=UTF-8', date: now, ...(total !== undefined && { 'x-total-count': String(total) }) };
}

/** A row of incident: the n-th of a day, a second apart. */
export function incidentRow<Changes extends JsonObject>(
  n: number,
  changes?: Changes,
): { readonly sys_id: string; readonly sys_updated_on: string; readonly number: string } & Changes {
  const at = new Date(Date.UTC(2026, 10, 20, 0, 0, n)).toISOString().slice(0, 19).replace('T', ' ');
  return {
    sys_id: n.toString(16).padStart(32, '0'),
    sys_updated_on: at,
    number: `INC${String(n).padStart(7, '0')}`,
    ...(changes as Changes),
  };
}

export { nock };

/** In this file requests are answered by hand and none reaches a network; files that run later in the same process get the network back. */
export function answerByHand(): void {
  beforeAll(() => {
    if (!nock.isActive()) nock.activate();
  });
  beforeEach(() => nock.disableNetConnect());
  afterEach(() => {
    nock.cleanAll();
    nock.enableNetConnect();
  });
  afterAll(() => nock.restore());
}
