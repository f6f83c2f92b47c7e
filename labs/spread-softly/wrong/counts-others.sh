# fails: still-spreads
# The rule is there, but counts Pods that do not exist: a typing error in its label selector.
kubectl -n "$ns" patch deployment "$app" --type=merge -p "{\"spec\":{\"template\":{\"spec\":{\"affinity\":null,\"topologySpreadConstraints\":[{\"maxSkew\":1,\"topologyKey\":\"topology.kubernetes.io/zone\",\"whenUnsatisfiable\":\"ScheduleAnyway\",\"labelSelector\":{\"matchLabels\":{\"app\":\"${app}s\"}}}]}}}}"
kubectl -n "$ns" rollout status deployment "$app" --timeout=60s
