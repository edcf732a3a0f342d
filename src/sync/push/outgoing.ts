import { idempotencyKey, identityOf, type Improvement, type ImprovementInput } from '../../domain/index.js';
import { Failure, type JsonObject } from '../../kit/index.js';
import type { PushMapping } from '../../mapping/index.js';
import { enqueue, inputsById, type OutboxOperation, outboxEntry, sha256, type Tx } from '../../store/index.js';
import { improvementView } from '../decide/improvement-view.js';
import { systemOf } from '../systems.js';
import type { World } from '../world.js';

/** Where a write goes. */
export interface Target {
  readonly system: string;
  readonly resource: string;
}

/** The system and resource of an improvement's ticket: the directory's for its first service that names one, else the policy's. */
export function ticketTarget(world: World, improvement: Improvement): Target {
  if (improvement.ticket !== undefined) return improvement.ticket;
  const { directory, policy } = world.config;
  const named = improvement.serviceIds.flatMap((id) => directory.services.find((service) => service.id === id)?.ticketSystem ?? []);
  return { system: named[0] ?? policy.routing.ticketSystem, resource: 'issue' };
}

/** As {@link ticketTarget}, for changes: a change request of ServiceNow, a change ticket where the system calls its changes so (Jira). */
export function changeTarget(world: World, improvement: Improvement): Target {
  const { directory, policy } = world.config;
  const named = improvement.serviceIds.flatMap((id) => directory.services.find((service) => service.id === id)?.changeSystem ?? []);
  const system = named[0] ?? policy.routing.changeSystem;
  const isJira = world.systems.byId.get(system)?.connector.sink?.resources.some(({ name }) => name === 'change') === true;
  return { system, resource: isJira ? 'change' : 'change_request' };
}

/** The idempotency key of one write for an improvement: the same for ever, whatever its number is. */
export function writeKey(world: World, improvement: Improvement, target: Target, step: string): string {
  const identity = identityOf(improvement, {
    installation: world.store.installationId,
    target: `${target.system}/${target.resource}`,
    step,
  });
  return idempotencyKey(identity, sha256);
}

/**
 * Decides one write, in the transaction of the decision that caused it. The same step again is no second write, even if its content would differ by
 * now: the first one may be on its way. Returns its key.
 */
export async function decideWrite(
  world: World,
  t: Tx,
  improvement: Improvement,
  write: {
    readonly target: Target;
    readonly step: string;
    readonly operation: OutboxOperation;
    readonly payload: JsonObject;
    readonly dependsOn?: string;
  },
): Promise<string> {
  const id = writeKey(world, improvement, write.target, write.step);
  const { system, resource } = write.target;
  if ((await outboxEntry(t, id)) === undefined)
    await enqueue(
      t,
      {
        id,
        system,
        resource,
        operation: write.operation,
        subject: improvement.id,
        payload: write.payload,
        ...(write.dependsOn !== undefined && { dependsOn: write.dependsOn }),
      },
      world.clock(),
    );
  return id;
}

/**
 * The fields of a ticket or change as the push mapping makes them. Fails with `config` when there is no mapping for the target, and with `record`
 * when the mapping cannot be applied to this improvement.
 */
export async function fieldsFor(world: World, t: Tx, improvement: Improvement, target: Target): Promise<JsonObject> {
  const mapping = pushMapping(world, target);
  const triggers: readonly ImprovementInput[] = await inputsById(t, improvement.triggers);
  const { directory, policy } = world.config;
  const { securityLevel } = policy.routing;
  const view = improvementView(improvement, { system: target.system, directory, triggers, securityLevel });
  const mapped = mapping.map({ data: view }, { system: target.system });
  if (mapped.is === 'mapped') return mapped.value;
  const why = mapped.is === 'failed' ? mapped.problems.join('; ') : mapped.because;
  throw new Failure('record', `${mapping.name} cannot be applied to ${improvement.id}: ${why}`, {
    system: target.system,
    place: mapping.file,
    hint: 'golden-thread mappings test shows each field',
  });
}

/** The mapping from improvements to this resource: one for this very system, else one for its kind. */
export function pushMapping(world: World, target: Target): PushMapping {
  const { kind } = systemOf(world.systems, target.system);
  const candidates = world.mappings.filter((mapping): mapping is PushMapping => mapping.kind === 'push');
  const found =
    candidates.find(({ to }) => to === `${target.system}.${target.resource}`) ??
    candidates.find(({ to }) => to === `${kind}.${target.resource}`);
  if (found !== undefined) return found;
  throw new Failure('config', `no mapping goes from improvement to ${kind}.${target.resource}`, {
    system: target.system,
    hint: 'add one to the mappings folder; the shipped ones are an example',
  });
}
