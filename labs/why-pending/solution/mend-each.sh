kubectl -n "$ns" set resources deployment "$hungry" --requests=cpu=100m
kubectl -n "$ns" patch deployment "$picky" --type=merge -p '{"spec":{"template":{"spec":{"nodeSelector":{"disktype":"ssd"}}}}}'
kubectl -n "$ns" patch deployment "$watcher" --type=merge -p '{"spec":{"template":{"spec":{"tolerations":[{"key":"node-role.kubernetes.io/control-plane","operator":"Exists","effect":"NoSchedule"}]}}}}'
kubectl -n "$ns" delete pvc "$keeper-shelf"
kubectl -n "$ns" apply -f - <<YAML
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: $keeper-shelf
spec:
  accessModes: [ReadWriteOnce]
  storageClassName: standard
  resources:
    requests: {storage: 1Gi}
YAML
for name in "$hungry" "$picky" "$watcher" "$keeper"; do
  kubectl -n "$ns" rollout status deployment "$name" --timeout=60s
done
