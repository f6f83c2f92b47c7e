kubectl -n "$ns" patch deployment "$app" --type=merge -p "{\"spec\":{\"template\":{\"spec\":{\"affinity\":null,\"topologySpreadConstraints\":[{\"maxSkew\":1,\"topologyKey\":\"topology.kubernetes.io/zone\",\"whenUnsatisfiable\":\"ScheduleAnyway\",\"labelSelector\":{\"matchLabels\":{\"app\":\"$app\"}}}]}}}}"
kubectl -n "$ns" rollout status deployment "$app" --timeout=60s
