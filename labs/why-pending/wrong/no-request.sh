# fails: enough-cpu
# The request is struck out: the Pod fits anywhere, because it claims nothing.
kubectl -n "$ns" patch deployment "$hungry" --type=merge -p '{"spec":{"template":{"spec":{"containers":[{"name":"main","image":"nginx:1.27-alpine"}]}}}}'
kubectl -n "$ns" rollout status deployment "$hungry" --timeout=60s
