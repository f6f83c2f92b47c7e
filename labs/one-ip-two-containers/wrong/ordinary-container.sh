# fails: native-sidecar
# Two ordinary containers: the writer has no order and would keep a Job from ever ending.
kubectl apply -n "$ns" -f - <<YAML
apiVersion: v1
kind: Pod
metadata:
  name: $pod
spec:
  terminationGracePeriodSeconds: 1

  containers:
    - name: web
      image: nginx:1.27-alpine
      ports: [{containerPort: 80}]
      volumeMounts: [{name: page, mountPath: /usr/share/nginx/html}]
    - name: writer
      image: busybox:1.36
      command: [sh, -c, "while true; do date > /page/index.html; sleep 1; done"]
      volumeMounts: [{name: page, mountPath: /page}]
  volumes:
    - name: page
      emptyDir: {}
YAML
kubectl wait -n "$ns" --for=condition=Ready "pod/$pod" --timeout=60s
