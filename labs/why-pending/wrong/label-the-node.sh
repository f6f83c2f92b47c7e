# fails: right-selector, nodes-untouched
# The node gets the label with the typing error, instead of the workload the right one.
kubectl label nodes -l disktype=ssd disktype=sdd --overwrite
kubectl -n "$ns" patch deployment "$watcher" --type=merge -p '{"spec":{"template":{"spec":{"tolerations":[{"operator":"Exists"}]}}}}'
kubectl -n "$ns" rollout status deployment "$picky" --timeout=60s
kubectl -n "$ns" rollout status deployment "$watcher" --timeout=60s
