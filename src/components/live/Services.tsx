/** Lesson 13: from a Service's virtual IP over its selector to the endpoints, with each one's share, and who is left out. */
import type { ServiceView } from '../../protocol/live-view.ts';
import { TextTwin } from './TextTwin.tsx';

type Service = ServiceView['services'][number];
type Endpoint = Service['endpoints'][number];

export function Services({ view }: { readonly view: ServiceView }) {
  return (
    <>
      {view.services.length === 0 && <p class="dd-quiet">No Services yet.</p>}
      {view.services.map((service) => (
        <ServiceRow key={`${service.namespace}/${service.name}`} service={service} />
      ))}
      <TextTwin
        caption="Services and where their connections go"
        head={['Service', 'Virtual IP and ports', 'Selector', 'Endpoint', 'Ready', 'Share of new connections']}
        rows={view.services.flatMap((service) => {
          const start = [
            `${service.namespace}/${service.name}`,
            `${service.clusterIP ?? 'none'}: ${ports(service)}`,
            service.selector,
          ];
          const rows = service.endpoints.map((end) => [
            ...start,
            target(end),
            end.ready ? 'yes' : 'no',
            percent(end.share),
          ]);
          const left = service.leftOut.map((out) => [...start, `${out.pod} (left out)`, 'no', out.why]);
          const all = [...rows, ...left];
          return all.length > 0 ? all : [[...start, 'none', 'no', '0 %']];
        })}
      />
    </>
  );
}

function ServiceRow({ service }: { readonly service: Service }) {
  return (
    <section class="dd-service" aria-label={`Service ${service.name}`}>
      <div class="dd-vip">
        <p>
          <strong>{service.name}</strong> <span class="dd-quiet">{service.namespace}</span>
        </p>
        <p>
          <code>{service.clusterIP ?? 'no virtual IP'}</code>
        </p>
        <p>{ports(service)}</p>
        <p class="dd-quiet">selects {service.selector || 'nothing'}</p>
      </div>
      <div class="dd-ends">
        {!service.endpoints.some((end) => end.ready) && (
          <p class="dd-none">✗ no ready endpoint: connections are refused</p>
        )}
        <ul aria-label={`Endpoints of ${service.name}`}>
          {service.endpoints.map((end) => (
            <li key={`${end.ip} ${end.pod}`} class="dd-end" data-ready={end.ready}>
              <span>
                <span aria-hidden="true">→ </span>
                <strong>{end.pod ?? end.ip}</strong>{' '}
                <code>
                  {end.ip}:{end.ports.join(',')}
                </code>
                {end.node && <span class="dd-quiet"> on {end.node}</span>}
              </span>
              <span>
                {end.ready ? '✓ ready' : '✗ not ready'} · {percent(end.share)}
              </span>
              <meter min={0} max={1} value={end.share} aria-label={`Share of ${end.pod ?? end.ip}`} />
            </li>
          ))}
        </ul>
        {service.leftOut.length > 0 && (
          <ul class="dd-left" aria-label={`Pods that ${service.name} leaves out`}>
            {service.leftOut.map((out) => (
              <li key={out.pod}>
                <span aria-hidden="true">⊘ </span>
                <strong>{out.pod}</strong> left out: {out.why}
              </li>
            ))}
          </ul>
        )}
      </div>
    </section>
  );
}

function ports(service: Service): string {
  return service.ports.map((port) => `${port.name ? `${port.name} ` : ''}${port.port} → ${port.targetPort}`).join(', ');
}

function target(end: Endpoint): string {
  return `${end.pod ?? 'no Pod'} ${end.ip}:${end.ports.join(',')}`;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
