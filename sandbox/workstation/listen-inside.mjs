// Listens on 127.0.0.1:PORT in the network namespace it was started in, hands the socket to the server and exits.
import { createServer } from 'node:net';

const server = createServer();
server.on('error', (error) => {
  process.stderr.write(error.message);
  process.exit(1);
});
server.listen(Number(process.argv[2]), '127.0.0.1', () => process.send('listening', server, () => process.exit(0)));
