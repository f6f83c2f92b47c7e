kubectl -n "$ns" patch service "$app" --type=merge -p "{\"spec\":{\"selector\":{\"app\":\"$app\"},\"ports\":[{\"name\":\"http\",\"port\":80,\"targetPort\":\"web\"}]}}"
kubectl -n "$ns" patch deployment "$app" --type=json -p '[{"op":"replace","path":"/spec/template/spec/containers/0/readinessProbe/httpGet/path","value":"/"}]'
kubectl -n "$ns" rollout status deployment "$app" --timeout=60s
