import { inspect } from 'node:util';
import { redactor } from '../http/redact.js';
import { secretsIn } from '../secret.js';
import { demand } from './case.js';
import type { Subject } from './subject.js';

/** Fails when any of these values, looked at as deeply as a logger would, or any log line holds a credential of the subject in any form. */
export function demandNoCredentials(subject: Subject, ...values: readonly unknown[]): void {
  const redact = redactor(secretsIn(subject.connector.config, subject.connector.config.parse(subject.goodConfig)));
  const texts = values.map((value) => (typeof value === 'string' ? value : inspect(value, { depth: 10, showHidden: true })));
  for (const text of [...texts, ...(subject.logged?.() ?? [])])
    demand(redact(text) === text, `a credential stands in: ${redact(text).slice(0, 300)}`);
}
