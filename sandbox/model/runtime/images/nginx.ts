/** nginx: serves files; Debian's variants have bash and curl, the alpine ones busybox. */
import { appletPaths, coreutils } from './applets.ts';
import type { ImageSpec } from './image.ts';

export const NGINX_PAGE = `<!DOCTYPE html>
<html>
<head><title>Welcome to nginx!</title></head>
<body>
<h1>Welcome to nginx!</h1>
<p>This page is served by a container of the model cluster.</p>
</body>
</html>
`;

const DEFAULT_CONF = `server {
    listen       80;
    server_name  localhost;

    location / {
        root   /usr/share/nginx/html;
        index  index.html index.htm;
    }
}
`;

const files = {
  '/usr/share/nginx/html/index.html': NGINX_PAGE,
  '/usr/share/nginx/html/50x.html':
    '<!DOCTYPE html>\n<html><head><title>Error</title></head><body><h1>An error occurred.</h1></body></html>\n',
  '/etc/nginx/conf.d/default.conf': DEFAULT_CONF,
  '/etc/nginx/nginx.conf':
    'user  nginx;\nworker_processes  auto;\nevents { worker_connections 1024; }\nhttp {\n    include /etc/nginx/conf.d/*.conf;\n}\n',
  '/docker-entrypoint.sh': '#!/bin/sh\nexec "$@"\n',
};

function nginxImage(
  version: string,
  tags: readonly string[],
  alpine: boolean,
  repository = 'docker.io/library/nginx',
): ImageSpec {
  return {
    repository,
    tags,
    sizeBytes: alpine ? 20_534_112 : 72_389_121,
    cmd: ['nginx', '-g', 'daemon off;'],
    env: { NGINX_VERSION: version, PKG_RELEASE: '1' },
    programs: alpine
      ? { ...appletPaths, '/usr/sbin/nginx': 'nginx', '/usr/bin/curl': 'curl' }
      : { ...coreutils, '/bin/sh': 'dash', '/bin/bash': 'bash', '/usr/sbin/nginx': 'nginx', '/usr/bin/curl': 'curl' },
    files: alpine
      ? { ...files, '/etc/os-release': 'NAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.21.3\n' }
      : { ...files, '/etc/os-release': 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\nVERSION_ID="12"\n' },
    dirs: ['/var/cache/nginx', '/var/log/nginx'],
  };
}

export const nginx: readonly ImageSpec[] = [
  nginxImage('1.25.5', ['1.25', '1.25.5'], false),
  nginxImage('1.26.3', ['1.26', '1.26.3'], false),
  nginxImage('1.27.5', ['1.27', '1.27.5'], false),
  nginxImage('1.28.0', ['1.28', '1.28.0', 'stable'], false),
  nginxImage('1.29.1', ['1.29', '1.29.1', 'latest', 'mainline'], false),
  nginxImage('1.25.5', ['1.25-alpine'], true),
  nginxImage('1.26.3', ['1.26-alpine'], true),
  nginxImage('1.27.5', ['1.27-alpine'], true),
  nginxImage('1.28.0', ['1.28-alpine', 'stable-alpine'], true),
  nginxImage('1.29.1', ['1.29-alpine', 'alpine', 'mainline-alpine'], true),
  nginxImage('1.27.0', ['1.27-0', '1.15-4', '1.14-4'], true, 'registry.k8s.io/e2e-test-images/nginx'),
];
