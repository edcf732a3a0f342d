import type { Improvement } from '../../domain/index.js';
import { type FileToAttach, type JsonObject, textIn } from '../../kit/index.js';
import { improvementChart, type RunChart, runChart } from '../../report/index.js';
import { canonicalJson, outboxEntry, sha256, type Tx } from '../../store/index.js';
import { decideWrite, ticketTarget, writeKey } from './outgoing.js';
import { systemOf } from '../systems.js';
import type { World } from '../world.js';

/**
 * Decides to put the run chart of the latest measurement at the ticket. What the chart shows is frozen as data, a tenth of the picture's size, where a
 * purge finds the texts in it; its hash names the file, so that the same chart is attached once whatever draws it. Where the system takes no files, the
 * status comment is all that the owner gets, and one log line says so. Returns whether it was decided.
 */
export async function decideChart(world: World, t: Tx, improvement: Improvement): Promise<boolean> {
  const measurement = improvement.measurements.at(-1);
  const chart = measurement && (await improvementChart(t, improvement, measurement));
  if (measurement === undefined || chart === undefined) return false;
  const target = ticketTarget(world, improvement);
  if (systemOf(world.systems, target.system).connector.sink?.attach === undefined) {
    world.log.info('the ticket gets no run chart: its system takes no files', { system: target.system, subject: improvement.id });
    return false;
  }
  const data = JSON.parse(JSON.stringify(chart)) as JsonObject;
  const marker = sha256(canonicalJson(data)).slice(0, 16);
  await decideWrite(world, t, improvement, {
    target,
    step: stepOf(measurement),
    operation: 'attach',
    payload: { name: `run-chart-${improvement.id}-${measurement.at.slice(0, 10)}-${marker}.svg`, marker, chart: data },
    ...(improvement.ticket === undefined && { dependsOn: writeKey(world, improvement, target, 'create') }),
  });
  return true;
}

/** The name of the chart of the latest measurement, once it is at the ticket. */
export async function attachedChart(world: World, t: Tx, improvement: Improvement): Promise<string | undefined> {
  const measurement = improvement.measurements.at(-1);
  if (measurement === undefined) return undefined;
  const entry = await outboxEntry(t, writeKey(world, improvement, ticketTarget(world, improvement), stepOf(measurement)));
  const name = entry?.payload['name'];
  return entry?.state === 'confirmed' && typeof name === 'string' ? name : undefined;
}

/** The file that a frozen payload stands for. */
export function fileOf(payload: JsonObject): FileToAttach {
  return {
    name: textIn(payload, 'name'),
    marker: textIn(payload, 'marker'),
    mediaType: 'image/svg+xml',
    bytes: Buffer.from(runChart(payload['chart'] as unknown as RunChart), 'utf8'),
  };
}

/** Whether a file at a ticket is, by its name, one of these charts: what we put there is no evidence that somebody has done something. */
export function isChart(name: string): boolean {
  return /^run-chart-IMP-\d+-\d{4}-\d\d-\d\d-[0-9a-f]{16}\.svg$/.test(name);
}

function stepOf(measurement: Improvement['measurements'][number]): string {
  return `attach:run-chart:${measurement.at}`;
}
