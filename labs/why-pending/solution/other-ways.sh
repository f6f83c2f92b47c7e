# Another right way: affinity instead of a selector, a new claim instead of the old one, a toleration for everything.
kubectl -n "$ns" set resources deployment "$hungry" --requests=cpu=100m
kubectl -n "$ns" patch deployment "$picky" --type=merge -p '{"spec":{"template":{"spec":{"nodeSelector":null,"affinity":{"nodeAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":{"nodeSelectorTerms":[{"matchExpressions":[{"key":"disktype","operator":"In","values":["ssd"]}]}]}}}}}}}'
kubectl -n "$ns" patch deployment "$watcher" --type=merge -p '{"spec":{"template":{"spec":{"tolerations":[{"operator":"Exists"}]}}}}'
kubectl -n "$ns" apply -f - <<YAML
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: second-shelf
spec:
  accessModes: [ReadWriteOnce]
  resources:
    requests: {storage: 1Gi}
YAML
kubectl -n "$ns" patch deployment "$keeper" --type=json -p '[{"op":"replace","path":"/spec/template/spec/volumes/0/persistentVolumeClaim/claimName","value":"second-shelf"}]'
for name in "$hungry" "$picky" "$watcher" "$keeper"; do
  kubectl -n "$ns" rollout status deployment "$name" --timeout=60s
done
