# answer: list = GET https://127.0.0.1:6443/api/v1/namespaces/${ns}/pods?limit=500 200 OK
# answer: missing = get https://127.0.0.1:6443/apis/apps/v1/namespaces/${ns}/deployments/${app} 404 Not Found
# answer: create = POST, https://127.0.0.1:6443/api/v1/namespaces/${ns}/configmaps?fieldManager=kubectl-create&fieldValidation=Strict, 201 Created
kubectl --context "$ns" create configmap "$note" --from-literal=tide=low -v=6
