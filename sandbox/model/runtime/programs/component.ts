/** A control-plane component's container: it answers its health probes while the model does its work. */
import type { Process } from '../process.ts';

const PORTS: Readonly<Record<string, number>> = {
  etcd: 2381,
  'kube-controller-manager': 10257,
  'kube-scheduler': 10259,
  'kube-proxy': 10256,
};

export async function component(process: Process): Promise<number> {
  const name = process.args[0]?.split('/').at(-1) ?? '';
  await process.err(`"Starting" component="${name}" version="v1.36.3"\n`);
  const port = PORTS[name];
  if (port !== undefined && !process.world.network.listening(port)) {
    process.owned.add(process.world.network.listen(port, (connection) => connection.close()));
  }
  return process.untilTerminated();
}
