import { type Config, loadConnector } from '../config/index.js';
import { type ConnectorContext, Failure, isFailure, type Log, type OpenConnector, type SinkResource, type Stream } from '../kit/index.js';
import { createHttp, type HttpMeasurement, redactor, secretsIn } from '../kit/host.js';
import type { Mapping } from '../mapping/index.js';
import { checkYaml, didYouMean } from '../yaml/index.js';

/** A configured system with its connector open. */
export interface System {
  readonly id: string;
  /** The connector's id: what mappings name in `from:` and `to:`. */
  readonly kind: string;
  readonly connector: OpenConnector;
  /** The streams that are read: those with a mapping. */
  readonly streams: readonly Stream[];
  readonly pageSize: number;
  readonly settleMs: number | undefined;
  readonly paused: readonly string[];
  readonly schedule: string;
  readonly censusHours: number;
}

/** A register that was kept before is read once, by hand, and never pulled. */
function isPulled({ kind }: Mapping): boolean {
  return kind !== 'register-entry';
}

/** What systems need of the running process. */
export interface Wiring {
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly credentials: (system: string) => ConnectorContext['credentials'];
  /** The clock that the schedule goes by; default: the machine's. */
  readonly clock?: () => string;
  readonly observe?: (observation: HttpMeasurement) => void;
  /** How often one request is repeated at most, and the first backoff; default: as {@link createHttp} does. */
  readonly retries?: { readonly most: number; readonly firstMs: number };
}

/** The systems by id, and the redaction that covers every credential in their settings. */
export interface Systems {
  readonly byId: ReadonlyMap<string, System>;
  readonly redact: (text: string) => string;
}

/**
 * Loads and opens the connector of every configured system. No request is made.
 * Fails with `config`, all problems at once: an unknown connector, settings that it refuses (with their place), a mapping that names no stream.
 */
export async function openSystems(
  config: Config,
  mappings: readonly Mapping[],
  wiring: Wiring,
): Promise<{ systems: Systems; problems: readonly Failure[] }> {
  const problems: Failure[] = [];
  const byId = new Map<string, System>();
  const secrets: string[] = [];
  for (const [id, settings] of Object.entries(config.settings.systems)) {
    try {
      const connector = await loadConnector(settings.connector, config.connectorsDir);
      const checked = checkYaml(config.file, connector.config, ['systems', id, 'config']);
      if (!checked.ok) {
        problems.push(...checked.problems);
        continue;
      }
      const own = secretsIn(connector.config, checked.value);
      secrets.push(...own);
      const open = connector.open(checked.value, contextOf(id, connector.id, mappings, wiring, redactor(own)));
      byId.set(id, {
        id,
        kind: connector.id,
        connector: open,
        streams: open.streams.filter((stream) =>
          mappings.some((mapping) => isPulled(mapping) && mapping.from === `${connector.id}.${stream.name}`),
        ),
        pageSize: settings.pageSize,
        settleMs: settings.settleMinutes === undefined ? undefined : settings.settleMinutes * 60_000,
        paused: settings.paused,
        schedule: settings.schedule,
        censusHours: settings.censusHours,
      });
    } catch (error) {
      if (!isFailure(error)) throw error;
      problems.push(new Failure('config', error.message, { place: config.file.placeOf(['systems', id]), ...error.details, system: id }));
    }
  }
  problems.push(...misspeltStreams([...byId.values()], mappings));
  return { systems: { byId, redact: redactor(secrets) }, problems };
}

/** A mapping from a stream that a system nearly has would never be used. One from a stream that nobody has configured is merely not needed here. */
function misspeltStreams(systems: readonly System[], mappings: readonly Mapping[]): readonly Failure[] {
  return mappings.flatMap(({ from, parts }) => {
    const [kind, stream] = from.split('.');
    const known = systems.filter((system) => system.kind === kind).flatMap(({ connector }) => connector.streams.map(({ name }) => name));
    const meant = stream === undefined || known.includes(stream) ? undefined : didYouMean(stream, known);
    if (meant === undefined) return [];
    return new Failure('config', `there is no stream "${from}" (did you mean "${kind}.${meant}"?)`, {
      place: parts.source.placeOf(['from']),
      hint: `${kind} has ${known.join(', ')}`,
    });
  });
}

/** What a connector may use, for a system of this id and kind. */
export function contextOf(
  system: string,
  kind: string,
  mappings: readonly Mapping[],
  wiring: Wiring,
  redact: (text: string) => string,
): ConnectorContext {
  const { clock } = wiring;
  return {
    system,
    http: createHttp({
      system,
      log: wiring.log,
      signal: wiring.signal,
      redact,
      ...(clock && { clock: { now: () => Date.parse(clock()) } }),
      ...(wiring.observe && { observe: wiring.observe }),
      ...(wiring.retries && { retries: wiring.retries }),
    }),
    log: wiring.log,
    signal: wiring.signal,
    wanted: wantedFields(kind, mappings),
    credentials: wiring.credentials(system),
  };
}

/** Per stream, every field that some mapping reads: what is asked for, and no more. */
export function wantedFields(kind: string, mappings: readonly Mapping[]): Record<string, readonly string[]> {
  const wanted: Record<string, string[]> = {};
  for (const mapping of mappings) {
    const [from, stream] = mapping.from.split('.');
    if (from === kind && stream !== undefined) wanted[stream] = [...new Set([...(wanted[stream] ?? []), ...mapping.reads])].sort();
  }
  return wanted;
}

/** The system with this id; fails with `config` when it is not configured. */
export function systemOf(systems: Systems, id: string): System {
  const system = systems.byId.get(id);
  if (system === undefined)
    throw new Failure('config', `there is no system "${id}"`, { hint: `configured: ${[...systems.byId.keys()].join(', ')}` });
  return system;
}

/** The sink resource of a system; fails with `config` when the connector cannot write it. */
export function resourceOf(system: System, name: string): SinkResource {
  const resource = system.connector.sink?.resources.find((candidate) => candidate.name === name);
  if (resource === undefined)
    throw new Failure('config', `${system.id} cannot write "${name}"`, {
      system: system.id,
      hint: 'route to a system whose connector has this resource',
    });
  return resource;
}
