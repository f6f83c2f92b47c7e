# fails: enough-cpu, right-selector, tolerates, bound-claim
# No replicas, no Pods, nobody waits.
kubectl -n "$ns" scale deployment "$hungry" "$picky" "$watcher" "$keeper" --replicas=0
