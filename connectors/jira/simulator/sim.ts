import type { FormPart } from './form.js';
import type { Clock } from './clock.js';
import type { OAuth } from './oauth.js';
import type { Random } from './random.js';
import type { SearchIndex } from './store/search-index.js';
import type { Shelf } from './store/shelf.js';
import type { Switches } from './switches.js';
import type { Json } from './json.js';
import type { Person, World } from './world/types.js';

/** A running site: its configuration, its issues, its clock, its quirks. Mutable, owned by one server. */
export interface Sim {
  /** Cloud speaks REST v3, Data Center REST v2. */
  readonly deployment: 'cloud' | 'data-center';
  readonly world: World;
  readonly shelf: Shelf;
  readonly index: SearchIndex;
  readonly clock: Clock;
  readonly switches: Switches;
  /** Draws for the lag of writes, for flickering and short pages, for trace ids. */
  readonly random: { readonly lag: Random; readonly search: Random; readonly trace: Random };
  /** Who gives tokens; beside the site. */
  readonly oauth: OAuth;
  /** Results as they stood, for `tokenSemantics: snapshot`: id -> issue ids, oldest snapshot first. */
  readonly snapshots: Map<number, readonly number[]>;
  /** The seconds that are being counted for `requestsPerSecond`, by method and path. */
  readonly windows: Map<string, { readonly from: number; readonly count: number }>;
  /** `http://127.0.0.1:PORT`, known once it listens. */
  baseUrl: string;
}

/** One request to the REST API, authenticated and with its body parsed. */
export interface Call {
  readonly sim: Sim;
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** What the route's placeholders stand for, decoded. */
  readonly params: readonly string[];
  readonly query: URLSearchParams;
  /** Undefined when there was none. */
  readonly body: Json | undefined;
  readonly contentType: string | undefined;
  /** In lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The parts of a multipart body. */
  readonly form: readonly FormPart[] | undefined;
  /** Undefined = anonymous. */
  readonly caller: Person | undefined;
}
