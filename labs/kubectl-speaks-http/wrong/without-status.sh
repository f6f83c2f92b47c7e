# fails: list-request, missing-request, create-request, right-namespace
# Paths without their status, a PUT to the object instead of a POST to its collection, and another value.
# answer: list = GET /api/v1/namespaces/${ns}/pods
# answer: missing = GET /apis/apps/v1/namespaces/${ns}/deployments/${app} 200
# answer: create = PUT /api/v1/namespaces/${ns}/configmaps/${note} 201
kubectl --context "$ns" create configmap "$note" --from-literal=tide=high
