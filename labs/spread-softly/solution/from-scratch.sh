# Another right way: the Deployment is deleted and made again, with a soft rule and the usual update strategy.
# The old Pods must be gone first: until then, their law keeps the new ones out of their zones.
kubectl -n "$ns" delete deployment "$app"
kubectl -n "$ns" wait --for=delete pod -l "app=$app" --timeout=60s
kubectl -n "$ns" apply -f - <<YAML
apiVersion: apps/v1
kind: Deployment
metadata: {name: $app}
spec:
  replicas: 6
  selector: {matchLabels: {app: $app}}
  template:
    metadata: {labels: {app: $app, part: front}}
    spec:
      terminationGracePeriodSeconds: 1
      topologySpreadConstraints:
        - maxSkew: 1
          topologyKey: topology.kubernetes.io/zone
          whenUnsatisfiable: ScheduleAnyway
          labelSelector: {matchExpressions: [{key: app, operator: In, values: [$app]}]}
      containers: [{name: main, image: "nginx:1.27-alpine"}]
YAML
kubectl -n "$ns" rollout status deployment "$app" --timeout=60s
