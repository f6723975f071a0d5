import { isIPv6 } from 'node:net';

/** The address of a server on a host of this machine, as it stands in a URL: `http://[::1]:8080`. */
export function origin(host: string, port: number): string {
  return `http://${isIPv6(host) ? `[${host}]` : host}:${port}`;
}
