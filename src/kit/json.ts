/** A JSON value as it may come from a remote system: data, never instructions. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;

/** A JSON object with unknown keys. */
export interface JsonObject {
  readonly [key: string]: Json;
}
