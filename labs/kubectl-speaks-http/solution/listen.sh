# answer: list = GET /api/v1/namespaces/${ns}/pods?limit=500 200
# answer: missing = GET /apis/apps/v1/namespaces/${ns}/deployments/${app} 404
# answer: create = POST /api/v1/namespaces/${ns}/configmaps 201
kubectl config use-context "$ns"
kubectl get pods -v=6
kubectl get deployment "$app" -v=6
kubectl create configmap "$note" --from-literal=tide=low -v=6
