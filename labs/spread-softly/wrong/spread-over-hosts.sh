# fails: still-spreads
# A wish, but about nodes: it knows nothing of zones.
kubectl -n "$ns" patch deployment "$app" --type=merge -p "{\"spec\":{\"template\":{\"spec\":{\"affinity\":null,\"topologySpreadConstraints\":[{\"maxSkew\":1,\"topologyKey\":\"kubernetes.io/hostname\",\"whenUnsatisfiable\":\"ScheduleAnyway\",\"labelSelector\":{\"matchLabels\":{\"app\":\"$app\"}}}]}}}}"
kubectl -n "$ns" rollout status deployment "$app" --timeout=60s
