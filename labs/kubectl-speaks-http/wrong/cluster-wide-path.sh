# fails: list-request
# answer: list = GET /api/v1/pods 200
# answer: missing = GET /apis/apps/v1/namespaces/${ns}/deployments/${app} 404
# answer: create = POST /api/v1/namespaces/${ns}/configmaps 201
# The trap: the path of a list over all namespaces.
kubectl --context "$ns" get pods --all-namespaces -v=6
kubectl --context "$ns" create configmap "$note" --from-literal=tide=low
