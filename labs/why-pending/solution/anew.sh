# Another right way: every workload is deleted and made again, with the claim first.
kubectl -n "$ns" delete deployment "$hungry" "$picky" "$watcher" "$keeper"
kubectl -n "$ns" delete pvc "$keeper-shelf"
workload() {
  cat <<YAML
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: $1}
spec:
  selector: {matchLabels: {app: $1}}
  template:
    metadata: {labels: {app: $1}}
    spec:
      terminationGracePeriodSeconds: 1
      containers: [{name: main, image: "nginx:1.27-alpine", resources: {requests: {cpu: 50m}}}]
      $2
      $3
YAML
}
{
  echo "apiVersion: v1"
  echo "kind: PersistentVolumeClaim"
  echo "metadata: {name: shelf}"
  echo "spec: {accessModes: [ReadWriteOnce], storageClassName: standard, resources: {requests: {storage: 1Gi}}}"
  workload "$hungry"
  workload "$picky" "nodeSelector: {disktype: ssd}"
  workload "$watcher" "nodeSelector: {node-role.kubernetes.io/control-plane: ''}" "tolerations: [{key: node-role.kubernetes.io/control-plane, effect: NoSchedule}]"
  workload "$keeper" "volumes: [{name: shelf, persistentVolumeClaim: {claimName: shelf}}]"
} | kubectl -n "$ns" apply -f -
for name in "$hungry" "$picky" "$watcher" "$keeper"; do
  kubectl -n "$ns" rollout status deployment "$name" --timeout=60s
done
