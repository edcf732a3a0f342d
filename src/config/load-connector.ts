import { existsSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Connector, Failure } from '../kit/index.js';

const kitUrl = new URL('../kit/index.js', import.meta.url).href;
const testingUrl = new URL('../kit/testing/index.js', import.meta.url).href;
const builtIn = new URL('../../connectors/', import.meta.url);

let hooked = false;

/**
 * Loads a connector by name at run time: from the mounted folder, then built in, then the npm package `golden-thread-connector-<name>`.
 * Wherever its file lies, `golden-thread/kit` means the kit of this running product: there is one Failure, one zod, one set of limits.
 * Fails with `config` when there is none, it cannot be loaded, or it exports no connector.
 */
export async function loadConnector(name: string, mounted: string | undefined): Promise<Connector> {
  hookKit();
  const places = [
    ...(mounted === undefined
      ? []
      : [join(mounted, name, 'index.js'), join(mounted, `${name}.js`)]
          .filter((file) => existsSync(file))
          .map((file) => pathToFileURL(file).href)),
    new URL(`${name}/index.js`, builtIn).href,
    `golden-thread-connector-${name}`,
  ];
  for (const place of places) {
    const loaded = await tryImport(place, name);
    if (loaded !== undefined) return asConnector(loaded, place, name);
  }
  throw new Failure('config', `there is no connector "${name}"`, {
    hint: `built in: servicenow, jira, file; a connector of your own goes into the folder that "connectors:" names, as ${name}/index.js, or is installed as golden-thread-connector-${name}`,
  });
}

async function tryImport(place: string, name: string): Promise<{ default?: unknown } | undefined> {
  try {
    return (await import(place)) as { default?: unknown };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    // Only "this very module does not exist" leads on to the next place; a connector that fails to load must be heard.
    if (code === 'ERR_MODULE_NOT_FOUND' && message.includes(place.startsWith('file:') ? new URL(place).pathname : place)) return undefined;
    throw new Failure('config', `the connector "${name}" cannot be loaded from ${place}: ${message}`, {
      hint: 'a connector is an ES module that imports golden-thread/kit and what lies beside it',
      cause: error,
    });
  }
}

function asConnector(loaded: { default?: unknown }, place: string, name: string): Connector {
  const candidate = loaded.default as Partial<Connector> | undefined;
  if (typeof candidate?.open === 'function' && typeof candidate.id === 'string' && candidate.config !== undefined)
    return candidate as Connector;
  throw new Failure('config', `${place} does not export a connector`, {
    hint: `export default { id: '${name}', about, config, open } satisfies Connector`,
  });
}

function hookKit(): void {
  if (hooked) return;
  hooked = true;
  registerHooks({
    resolve(specifier, context, next) {
      if (specifier === 'golden-thread/kit') return { url: kitUrl, shortCircuit: true };
      if (specifier === 'golden-thread/kit/testing') return { url: testingUrl, shortCircuit: true };
      return next(specifier, context);
    },
  });
}
