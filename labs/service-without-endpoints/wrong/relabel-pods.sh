# fails: heals
# Probe and port are mended in the template, but the label only on the Pods of today.
kubectl -n "$ns" patch deployment "$app" --type=json -p '[
  {"op":"replace","path":"/spec/template/spec/containers/0/ports/0/name","value":"http"},
  {"op":"replace","path":"/spec/template/spec/containers/0/readinessProbe/httpGet","value":{"path":"/","port":"http"}}]'
kubectl -n "$ns" rollout status deployment "$app" --timeout=60s
kubectl -n "$ns" label pods -l "tier=$app" "app=$app-web" --overwrite
