/** The part of an OpenAPI document that requests are held against. */
export interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation | undefined>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

interface Operation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly required?: boolean; readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema: Schema;
}

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly enum?: readonly unknown[];
  readonly allOf?: readonly Schema[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxItems?: number;
  readonly maxLength?: number;
  readonly readOnly?: boolean;
  readonly nullable?: boolean;
}

/** A request as a journal has it. */
export interface Sent {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly body: unknown;
}

/** What is wrong with a request by the document; `unknown path` where the document does not have it. */
export function violations(api: OpenApi, sent: Sent): readonly string[] {
  const template = Object.keys(api.paths)
    .filter((path) => new RegExp(`^${path.replaceAll(/\{[^}]+\}/g, '[^/]+')}$`).test(sent.path))
    // The one with the fewest placeholders: /issue/bulkfetch before /issue/{issueIdOrKey}.
    .toSorted((a, b) => a.split('{').length - b.split('{').length)[0];
  const operation = template === undefined ? undefined : api.paths[template]?.[sent.method.toLowerCase()];
  if (template === undefined || operation === undefined) return ['unknown path'];
  return [...inQuery(api, operation, sent.query), ...inBody(api, operation, sent.body)];
}

function inQuery(api: OpenApi, { parameters = [] }: Operation, query: string): readonly string[] {
  const given = new URLSearchParams(query);
  const known = parameters.filter((one) => one.in === 'query');
  return [
    ...[...new Set(given.keys())].filter((name) => !known.some((one) => one.name === name)).map((name) => `query ${name}: unknown`),
    ...known.flatMap((one) => {
      const values = given.getAll(one.name);
      if (values.length === 0) return one.required === true ? [`query ${one.name}: missing`] : [];
      const schema = resolved(api, one.schema);
      if (schema.type === 'array')
        return values.flatMap((value) => check(api, schema.items ?? {}, fromText(value, schema.items), `query ${one.name}`));
      return values.length > 1
        ? [`query ${one.name}: given ${values.length} times`]
        : check(api, schema, fromText(values[0] ?? '', schema), `query ${one.name}`);
    }),
  ];
}

function fromText(text: string, schema: Schema | undefined): unknown {
  if (schema?.type === 'integer' || schema?.type === 'number') return Number(text);
  return schema?.type === 'boolean' ? (text === 'true' ? true : text === 'false' ? false : text) : text;
}

function inBody(api: OpenApi, { requestBody }: Operation, body: unknown): readonly string[] {
  if (requestBody === undefined) return body === undefined || body === '' ? [] : ['body: not expected'];
  const schema = requestBody.content['application/json']?.schema;
  if (body === undefined || schema === undefined) return requestBody.required === true ? ['body: missing'] : [];
  return check(api, schema, body, 'body');
}

function check(api: OpenApi, unresolved: Schema, value: unknown, at: string): readonly string[] {
  const schema = resolved(api, unresolved);
  if (value === null) return schema.nullable === true || schema.type === undefined ? [] : [`${at}: null`];
  const found = Array.isArray(value) ? 'array' : Number.isInteger(value) && schema.type === 'integer' ? 'integer' : typeof value;
  if (schema.type !== undefined && schema.type !== found) return [`${at}: ${found} instead of ${schema.type}`];
  const wrong: string[] = (schema.allOf ?? []).flatMap((one) => check(api, one, value, at));
  if (schema.enum !== undefined && !schema.enum.includes(value)) wrong.push(`${at}: not one of ${schema.enum.join(', ')}`);
  if (typeof value === 'number' && (value < (schema.minimum ?? -Infinity) || value > (schema.maximum ?? Infinity)))
    wrong.push(`${at}: out of range`);
  if (typeof value === 'string' && value.length > (schema.maxLength ?? Infinity)) wrong.push(`${at}: too long`);
  if (Array.isArray(value)) {
    if (value.length > (schema.maxItems ?? Infinity)) wrong.push(`${at}: too many`);
    return [...wrong, ...value.flatMap((item, index) => check(api, schema.items ?? {}, item, `${at}[${index}]`))];
  }
  if (typeof value !== 'object') return wrong;
  const { properties = {}, required = [], additionalProperties = true } = schema;
  for (const name of required) if (!(name in value)) wrong.push(`${at}.${name}: missing`);
  for (const [name, item] of Object.entries(value)) {
    const own = Object.hasOwn(properties, name)
      ? properties[name]
      : typeof additionalProperties === 'object'
        ? additionalProperties
        : undefined;
    if (own !== undefined) wrong.push(...check(api, own, item, `${at}.${name}`));
    else if (additionalProperties === false) wrong.push(`${at}.${name}: unknown`);
  }
  return wrong;
}

function resolved(api: OpenApi, schema: Schema): Schema {
  const name = schema.$ref?.replace('#/components/schemas/', '');
  return name === undefined ? schema : (api.components.schemas[name] ?? {});
}
