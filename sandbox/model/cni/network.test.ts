import { expect, it } from 'vitest';
import { ManualClock } from '../../../kernel/clock.manual.ts';
import { AddressPool } from './addresses.ts';
import { ClusterNetwork } from './network.ts';

it('R-NET-1: addresses go up from .2 and are reused last', () => {
  const pool = new AddressPool('10.244.1.0/24');
  expect(pool.reserve('10.244.1.2')).toBe(true);
  expect(pool.take()).toBe('10.244.1.3');
  pool.release('10.244.1.3');
  expect(pool.take()).toBe('10.244.1.4');
  while (pool.take() !== undefined);
  expect(pool.take()).toBeUndefined();
});

it('R-NET-2: refused, no route, or timeout', async () => {
  const clock = new ManualClock();
  const network = new ClusterNetwork(clock);
  network.attach('10.244.1.2');
  await expect(network.dial({ address: '10.244.1.2', port: 1 }, 'x')).rejects.toThrow('Connection refused');
  const gone = expect(network.dial({ address: '10.244.1.9', port: 1 }, 'x')).rejects.toThrow('No route to host');
  await clock.advance(3_000);
  await gone;
  const far = expect(network.dial({ address: '8.8.8.8', port: 1 }, 'x')).rejects.toThrow('Connection timed out');
  await clock.advance(127_000);
  await far;
});

it('carries bytes both ways and ends', async () => {
  const network = new ClusterNetwork(new ManualClock());
  network.listen({ address: '10.244.1.2', port: 80 }, (connection) => {
    connection.write(new TextEncoder().encode(`hello ${connection.remoteAddress}`));
    connection.end();
  });
  const client = await network.dial({ address: '10.244.1.2', port: 80 }, '10.244.2.2');
  expect(new TextDecoder().decode(await client.read())).toBe('hello 10.244.2.2');
  expect(await client.read()).toBeUndefined();
});
