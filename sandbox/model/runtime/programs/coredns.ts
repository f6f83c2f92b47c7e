/** CoreDNS: holds the DNS, health and readiness ports; the answers come from the model's own zone. */
import type { Process } from '../process.ts';
import { listenHttp } from './serve.ts';

export async function coredns(process: Process): Promise<number> {
  const { network } = process.world;
  if (!process.world.files.stat('/etc/coredns/Corefile')) {
    await process.err('Error during parsing: open /etc/coredns/Corefile: no such file or directory\n');
    return 1;
  }
  process.owned.add(network.listen(53, (connection) => connection.close()));
  listenHttp(process, 8080, () => ({ status: 200, body: 'OK' }));
  listenHttp(process, 8181, () => ({ status: 200, body: 'OK' }));
  listenHttp(process, 9153, () => ({ status: 200, headers: { 'Content-Type': 'text/plain' }, body: '# no metrics\n' }));
  await process.out('.:53\nCoreDNS-1.14.2\nlinux/amd64\n');
  return process.untilTerminated();
}
