import { z } from 'zod';

/**
 * A text of a configuration that is a credential. It is kept out of logs, messages, exports and the database.
 * At least four characters: a shorter one could not be recognised in a text.
 */
export function secret(): z.ZodString {
  return z.string().min(4).meta({ secret: true });
}

/**
 * The values of all fields that a schema marks as {@link secret}, in a configuration parsed by it: through objects, records, arrays, tuples, unions,
 * intersections, optionals, defaults and pipes. Each once, in no particular order. Rather one too many than one too few: every option of a union is tried.
 */
export function secretsIn(schema: z.ZodType, value: unknown): string[] {
  const found = new Set<string>();
  collect(schema, value, found, 0);
  return [...found];
}

/** Whether this schema itself, or one that it wraps, is marked as {@link secret}. */
export function isSecret(schema: z.ZodType): boolean {
  return z.globalRegistry.get(schema)?.['secret'] === true;
}

/** The parts of zod's definitions that hold further schemas; the same in all of its versions 4. */
interface Definition {
  readonly shape?: Readonly<Record<string, z.ZodType>>;
  readonly catchall?: z.ZodType;
  readonly element?: z.ZodType;
  readonly items?: readonly z.ZodType[];
  readonly rest?: z.ZodType | null;
  readonly valueType?: z.ZodType;
  readonly options?: readonly z.ZodType[];
  readonly innerType?: z.ZodType;
  readonly left?: z.ZodType;
  readonly right?: z.ZodType;
  readonly in?: z.ZodType;
  readonly out?: z.ZodType;
  readonly getter?: () => z.ZodType;
}

/** Deeper than any configuration; ends the walk through a schema that contains itself. */
const maxDepth = 64;

function collect(schema: z.ZodType, value: unknown, found: Set<string>, depth: number): void {
  if (value === undefined || value === null || depth > maxDepth) return;
  if (isSecret(schema)) {
    for (const text of textsIn(value)) found.add(text);
    return;
  }
  const def = schema.def as unknown as Definition;
  const same = [...(def.options ?? []), def.innerType, def.left, def.right, def.in, def.out, def.getter?.()];
  for (const one of same) if (one !== undefined) collect(one, value, found, depth + 1);
  if (Array.isArray(value)) {
    value.forEach((item, index) => {
      const inner = def.element ?? def.items?.[index] ?? def.rest ?? undefined;
      if (inner !== undefined) collect(inner, item, found, depth + 1);
    });
    return;
  }
  if (typeof value !== 'object') return;
  for (const [name, item] of Object.entries(value)) {
    const inner = (def.shape && Object.hasOwn(def.shape, name) ? def.shape[name] : undefined) ?? def.catchall ?? def.valueType;
    if (inner !== undefined) collect(inner, item, found, depth + 1);
  }
}

/** Every text inside a value that is marked as a whole. */
function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return value === '' ? [] : [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
