# fails: endpoints
# The trap: an EndpointSlice by hand. It answers today, and knows nothing of tomorrow's Pods.
kubectl -n "$ns" patch deployment "$app" --type=json -p '[{"op":"remove","path":"/spec/template/spec/containers/0/readinessProbe"}]'
kubectl -n "$ns" rollout status deployment "$app" --timeout=60s
{
  echo "apiVersion: discovery.k8s.io/v1"
  echo "kind: EndpointSlice"
  echo "metadata: {name: by-hand, labels: {kubernetes.io/service-name: $app}}"
  echo "addressType: IPv4"
  echo "ports: [{name: http, port: 8080, protocol: TCP}]"
  echo "endpoints:"
  for ip in $(kubectl -n "$ns" get pods -l "tier=$app" -o jsonpath='{.items[*].status.podIP}'); do
    echo "  - {addresses: [$ip], conditions: {ready: true}}"
  done
} | kubectl -n "$ns" apply -f -
