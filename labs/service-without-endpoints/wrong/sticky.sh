# fails: hits-all
# Everything is repaired, and clients are made to stick: one Pod gets all 60 requests.
kubectl -n "$ns" patch service "$app" --type=merge -p "{\"spec\":{\"selector\":{\"app\":\"$app\"},\"ports\":[{\"name\":\"http\",\"port\":80,\"targetPort\":\"web\"}],\"sessionAffinity\":\"ClientIP\"}}"
kubectl -n "$ns" patch deployment "$app" --type=json -p '[{"op":"replace","path":"/spec/template/spec/containers/0/readinessProbe/httpGet/path","value":"/"}]'
kubectl -n "$ns" rollout status deployment "$app" --timeout=60s
