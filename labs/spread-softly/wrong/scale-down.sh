# fails: all-running
# Three zones, three replicas: no Pod waits, and half of the replicas are gone.
kubectl -n "$ns" scale deployment "$app" --replicas=3
