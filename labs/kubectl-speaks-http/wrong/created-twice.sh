# fails: not-elsewhere
# Created in the current context first, noticed, created again, and the first one forgotten.
kubectl create configmap "$note" --from-literal=tide=low
kubectl --context "$ns" create configmap "$note" --from-literal=tide=low
