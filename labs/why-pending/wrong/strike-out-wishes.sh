# fails: right-selector, tolerates, bound-claim
# Every wish is struck out: the Pods run somewhere, without what they need.
kubectl -n "$ns" set resources deployment "$hungry" --requests=cpu=100m
kubectl -n "$ns" patch deployment "$picky" --type=merge -p '{"spec":{"template":{"spec":{"nodeSelector":null}}}}'
kubectl -n "$ns" patch deployment "$watcher" --type=merge -p '{"spec":{"template":{"spec":{"nodeSelector":null}}}}'
kubectl -n "$ns" patch deployment "$keeper" --type=json -p '[{"op":"remove","path":"/spec/template/spec/containers/0/volumeMounts"},{"op":"remove","path":"/spec/template/spec/volumes"}]'
for name in "$hungry" "$picky" "$watcher" "$keeper"; do
  kubectl -n "$ns" rollout status deployment "$name" --timeout=60s
done
