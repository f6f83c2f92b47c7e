# Another right way: the template changes, the Service only where it must not be matched otherwise.
kubectl -n "$ns" patch deployment "$app" --type=json -p '[
  {"op":"replace","path":"/spec/template/metadata/labels/app","value":"'"$app"'-web"},
  {"op":"replace","path":"/spec/template/spec/containers/0/ports/0/name","value":"http"},
  {"op":"replace","path":"/spec/template/spec/containers/0/readinessProbe","value":{"periodSeconds":1,"tcpSocket":{"port":8080}}}]'
kubectl -n "$ns" rollout status deployment "$app" --timeout=60s
