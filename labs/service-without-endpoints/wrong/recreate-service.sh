# fails: same-service
# A new Service of the same name: new identity, new IP, and the clients still ask the old one.
kubectl -n "$ns" delete service "$app"
kubectl -n "$ns" create -f - <<YAML
apiVersion: v1
kind: Service
metadata: {name: $app}
spec:
  selector: {app: $app}
  ports: [{name: http, port: 80, targetPort: web}]
YAML
kubectl -n "$ns" patch deployment "$app" --type=json -p '[{"op":"replace","path":"/spec/template/spec/containers/0/readinessProbe/httpGet/path","value":"/"}]'
kubectl -n "$ns" rollout status deployment "$app" --timeout=60s
