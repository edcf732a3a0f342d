import { z } from 'zod';
import { Directory } from '../domain/organisation/directory.js';
import { Policy } from '../domain/organisation/policy.js';
import type { Connector } from '../kit/index.js';
import { settingsIn } from './settings-in-docs.js';
import { Settings } from './settings.js';

/** The part of JSON Schema (draft 2020-12) that zod writes and that is walked here. */
export interface JsonSchema {
  description?: string;
  type?: string | string[];
  format?: string;
  pattern?: string;
  default?: unknown;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: JsonSchema | boolean;
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  allOf?: JsonSchema[];
  /** Shapes that stand in several places are written once, in `$defs`. */
  $ref?: string;
  $defs?: Record<string, JsonSchema>;
  [keyword: string]: unknown;
}

/** What the schemas are made from, besides the zod schemas. */
export interface SchemaSources {
  /** Text of docs/configuration.md: its tables hold the descriptions, so that there is one place for them. */
  readonly reference: string;
  /** Connectors whose `config:` is to be completed and checked too, each with the text of its README. */
  readonly connectors: readonly { readonly connector: Connector; readonly readme: string }[];
}

/** A schema for each configuration file, by the name of the schema's file, for editors: completion, explanation, red underlines. */
export function jsonSchemas({ reference, connectors }: SchemaSources): Readonly<Record<string, JsonSchema>> {
  const documented = (file: string, schema: z.ZodType): JsonSchema => described(schemaOf(schema), settingsIn(reference, file));
  const settings = documented('golden-thread.yaml', Settings);
  const system = settings.properties?.['systems']?.additionalProperties;
  if (typeof system === 'object') system.allOf = connectors.map(({ connector, readme }) => whenItIs(connector, readme));
  return {
    'golden-thread.schema.json': withVariables(settings),
    'policy.schema.json': documented('policy.yaml', Policy),
    'directory.schema.json': documented('directory.yaml', Directory),
  };
}

/** What an administrator may write: defaults may be left out, transforms have not happened. What JSON Schema cannot say is checked at load only. */
export function schemaOf(schema: z.ZodType): JsonSchema {
  return JSON.parse(JSON.stringify(z.toJSONSchema(schema, { io: 'input', target: 'draft-2020-12', unrepresentable: 'any' }))) as JsonSchema;
}

function whenItIs(connector: Connector, readme: string): JsonSchema {
  const { $schema: _dialect, ...config } = described(schemaOf(connector.config), settingsIn(readme));
  // oxlint-disable-next-line unicorn/no-thenable -- the keyword of JSON Schema; nobody awaits a schema
  return { if: { properties: { connector: { const: connector.id } }, required: ['connector'] }, then: { properties: { config } } };
}

/** A setting as an administrator finds it. */
export interface Setting {
  readonly schema: JsonSchema;
  readonly required: boolean;
}

/**
 * Every setting of a schema by its path: `systems.*.schedule`, `rules[].id`. `*` stands for a name that the administrator chooses. Where one of several
 * shapes is to be chosen in a list, settings that all of them have stand under the common path, the others under the name of their shape:
 * `rules[trend].weeks`. Of one thing that may have several shapes, all settings stand under the same path: `rules[].plan.reduceBy`.
 */
export function settingsOf(schema: JsonSchema): ReadonlyMap<string, Setting> {
  return new Map(
    [...placesOf(schema)].map(([path, places]) => [path, { ...(places[0] as Setting), required: places.every((at) => at.required) }]),
  );
}

/** As {@link settingsOf}, with every place of the schema at which the setting stands. */
function placesOf(schema: JsonSchema, definitions = schema.$defs ?? {}): ReadonlyMap<string, readonly Setting[]> {
  const meant = (at: JsonSchema): JsonSchema => definitions[at.$ref?.replace('#/$defs/', '') ?? ''] ?? at;
  const found = new Map<string, Setting[]>();
  const note = (path: string, setting: Setting): void => void found.set(path, [...(found.get(path) ?? []), setting]);
  const walk = (place: JsonSchema, path: string): void => {
    const at = meant(place);
    for (const [name, inner] of Object.entries(at.properties ?? {})) {
      const here = path === '' ? name : `${path}.${name}`;
      note(here, { schema: inner, required: at.required?.includes(name) ?? false });
      walk(inner, here);
    }
    if (typeof at.additionalProperties === 'object') walk(at.additionalProperties, `${path}.*`);
    if (path !== '' && at.oneOf !== undefined) walkForms(at.oneOf, path);
    const items = at.items === undefined ? undefined : meant(at.items);
    if (items?.oneOf !== undefined) walkShapes(items.oneOf, path);
    else if (items !== undefined) walk(items, `${path}[]`);
  };
  const walkShapes = (shapes: readonly JsonSchema[], path: string): void => {
    const each = shapes.map((shape) => ({ name: shapeName(shape), settings: placesOf(shape, definitions) }));
    for (const { name, settings } of each)
      for (const [below, places] of settings) {
        const isCommon = each.every((other) => other.settings.has(below));
        for (const place of places) note(`${path}[${isCommon ? '' : name}].${below}`, place);
      }
  };
  /** One thing in several forms: needed is what all of them need. */
  const walkForms = (forms: readonly JsonSchema[], path: string): void => {
    const each = forms.map((form) => placesOf(form, definitions));
    for (const settings of each)
      for (const [below, places] of settings)
        for (const place of places)
          note(`${path}.${below}`, { ...place, required: place.required && each.every((other) => other.has(below)) });
  };
  walk(schema, '');
  return found;
}

/** The value by which a shape is told from its like. */
function shapeName(shape: JsonSchema): string {
  const constant = Object.values(shape.properties ?? {}).find((property) => property['const'] !== undefined);
  const value = constant?.['const'];
  return typeof value === 'string' ? value : '';
}

function described(schema: JsonSchema, settings: ReadonlyMap<string, { readonly meaning: string }>): JsonSchema {
  for (const [path, places] of placesOf(schema)) {
    const meaning = settings.get(path)?.meaning;
    if (meaning !== undefined) for (const place of places) place.schema.description = meaning;
  }
  return schema;
}

/** Any text may come from `${NAME}` or `${file:…}`; an editor must not underline it because it is no address yet. */
function withVariables(schema: JsonSchema): JsonSchema {
  const inner = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [key, key === 'propertyNames' ? value : withVariablesInside(value)]),
  ) as JsonSchema;
  if (inner.type !== 'string' || (inner.format === undefined && inner.pattern === undefined)) return inner;
  const { description, default: fallback, $schema: _dialect, ...text } = inner;
  const outside = { ...(description !== undefined && { description }), ...(fallback !== undefined && { default: fallback }) };
  return { ...outside, anyOf: [text, { type: 'string', pattern: '\\$\\{' }] };
}

function withVariablesInside(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withVariablesInside);
  return typeof value === 'object' && value !== null ? withVariables(value as JsonSchema) : value;
}
