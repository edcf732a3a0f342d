import { Failure } from '../failure.js';
import type { HttpOptions } from './client.js';

/** What Node's agents take as `proxyEnv`: the way through a proxy, CONNECT for https, or undefined for the straight way. */
export type ProxyEnv = Readonly<Record<string, string>> | undefined;

const names = ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY', 'no_proxy', 'NO_PROXY'] as const;

/**
 * The way to a remote: the configured proxy, else that of the environment, as other programs in a container take it.
 * Node's own tunnelling is used (22.21 and 24.5 on), because it tells a refused tunnel (`ERR_PROXY_TUNNEL`) apart from an answer of the
 * remote; older releases would ignore it without a word and go straight, so they are refused with `config`.
 */
export function proxyEnvOf(
  options: Pick<HttpOptions, 'proxy' | 'noProxy'>,
  env: Readonly<Record<string, string | undefined>> = process.env,
): ProxyEnv {
  const way = options.proxy === undefined ? fromEnvironment(env) : configured(options.proxy);
  if (Object.keys(way).every((name) => /no_proxy/i.test(name))) return undefined;
  if (!process.allowedNodeEnvironmentFlags.has('--use-env-proxy'))
    throw new Failure('config', `a proxy is configured, and Node ${process.versions.node} cannot use one`, {
      committed: 'no',
      hint: 'run golden-thread on Node 24.5 or newer',
    });
  return options.noProxy === undefined ? way : { ...without(way, /no_proxy/i), NO_PROXY: options.noProxy.join(',') };
}

function configured({ url, username, password }: NonNullable<HttpOptions['proxy']>): Readonly<Record<string, string>> {
  const address = new URL(url);
  if (username !== undefined) address.username = encodeURIComponent(username);
  if (password !== undefined) address.password = encodeURIComponent(password);
  return { HTTPS_PROXY: address.href, HTTP_PROXY: address.href };
}

function fromEnvironment(env: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  return Object.fromEntries(names.flatMap((name) => (env[name] === undefined || env[name] === '' ? [] : [[name, env[name]]])));
}

function without(way: Readonly<Record<string, string>>, pattern: RegExp): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(way).filter(([name]) => !pattern.test(name)));
}
