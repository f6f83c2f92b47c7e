# fails: list-request, missing-request, create-request, right-namespace
# answer: list = GET /api/v1/namespaces/${other}/pods 200
# answer: missing = GET /apis/apps/v1/namespaces/${other}/deployments/${app} 200
# answer: create = POST /api/v1/namespaces/${other}/configmaps 201
# The trap: everything in the context that happened to be current.
kubectl get pods -v=6
kubectl get deployment "$app" -v=6
kubectl create configmap "$note" --from-literal=tide=low
