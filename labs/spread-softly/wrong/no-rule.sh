# fails: still-spreads
# The trap: the rule is struck out, and with it the wish.
kubectl -n "$ns" patch deployment "$app" --type=merge -p "{\"spec\":{\"template\":{\"spec\":{\"affinity\":null}}}}"
kubectl -n "$ns" rollout status deployment "$app" --timeout=60s
