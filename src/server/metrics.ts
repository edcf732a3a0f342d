import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Every metric of the product; names follow Prometheus' rules: prefix, base unit, `_total`, no ids as labels. */
export interface Metrics {
  readonly registry: Registry;
  readonly records: Counter<'system' | 'stream' | 'outcome'>;
  readonly lag: Gauge<'system' | 'stream'>;
  readonly requests: Histogram<'system' | 'method' | 'route' | 'outcome'>;
  readonly outbox: Gauge<'state'>;
  readonly outboxOldest: Gauge<never>;
  readonly quarantined: Gauge<'system' | 'stream'>;
  readonly absent: Gauge<'system' | 'stream'>;
  readonly censusesHeld: Gauge<never>;
  readonly improvements: Gauge<'status'>;
}

/** Makes the metrics in a registry of their own. */
export function createMetrics(version: string): Metrics {
  const registry = new Registry();
  const registers = [registry];
  new Gauge({ name: 'golden_thread_build_info', help: 'Always 1; the version is the label.', labelNames: ['version'], registers }).set(
    { version },
    1,
  );
  return {
    registry,
    records: new Counter({
      name: 'golden_thread_sync_records_total',
      help: 'Records read, by what became of them: new, changed, unchanged, quarantined.',
      labelNames: ['system', 'stream', 'outcome'],
      registers,
    }),
    lag: new Gauge({
      name: 'golden_thread_sync_lag_seconds',
      help: 'Age of the point up to which a stream was read completely.',
      labelNames: ['system', 'stream'],
      registers,
    }),
    requests: new Histogram({
      name: 'golden_thread_http_request_duration_seconds',
      help: 'Requests to the configured systems; the outcome is the HTTP status or the kind of failure.',
      labelNames: ['system', 'method', 'route', 'outcome'],
      buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
      registers,
    }),
    outbox: new Gauge({
      name: 'golden_thread_outbox_depth',
      help: 'Remote writes that are not confirmed, by state.',
      labelNames: ['state'],
      registers,
    }),
    outboxOldest: new Gauge({
      name: 'golden_thread_outbox_oldest_seconds',
      help: 'Age of the oldest remote write that is not confirmed.',
      registers,
    }),
    absent: new Gauge({
      name: 'golden_thread_absent_records',
      help: 'Records that are deleted, archived, out of scope or no longer visible at their source.',
      labelNames: ['system', 'stream'],
      registers,
    }),
    censusesHeld: new Gauge({
      name: 'golden_thread_censuses_held',
      help: 'Streams of which so many records vanished at once that a person must look.',
      registers,
    }),
    quarantined: new Gauge({
      name: 'golden_thread_quarantined_records',
      help: 'Records kept aside because they cannot be used.',
      labelNames: ['system', 'stream'],
      registers,
    }),
    improvements: new Gauge({
      name: 'golden_thread_improvements',
      help: 'Improvements in the register.',
      labelNames: ['status'],
      registers,
    }),
  };
}
