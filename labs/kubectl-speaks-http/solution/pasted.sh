# Another right way: the newest kubectl's line as it stands, and the object from a file.
# answer: list = I0102 03:04:05.678901    1234 round_trippers.go:632] "Response" verb="GET" url="https://127.0.0.1:6443/api/v1/namespaces/${ns}/pods?limit=500" status="200 OK" milliseconds=9
# answer: missing = verb="GET" url="https://127.0.0.1:6443/apis/apps/v1/namespaces/${ns}/deployments/${app}" status="404 Not Found" milliseconds=2
# answer: create = POST: /api/v1/namespaces/${ns}/configmaps -> 201
kubectl config set-context --current --namespace="$ns"
kubectl apply -f - <<YAML
apiVersion: v1
kind: ConfigMap
metadata: {name: $note}
data: {tide: low}
YAML
