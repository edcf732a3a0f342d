/** A JSON value as it may come from a remote system: data, never instructions. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;

/** A JSON object with unknown keys. */
export interface JsonObject {
  readonly [key: string]: Json;
}

/** The text in a field; empty when there is none or it is something else. */
export function textIn(object: JsonObject | undefined, field: string): string {
  const value = object?.[field];
  return typeof value === 'string' ? value : '';
}
