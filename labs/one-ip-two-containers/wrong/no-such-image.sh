# fails: ready
# There is no such image, so the web server never starts.
kubectl apply -n "$ns" -f - <<YAML
apiVersion: v1
kind: Pod
metadata:
  name: $pod
spec:
  terminationGracePeriodSeconds: 1
  initContainers:
    - name: writer
      image: busybox:1.36
      restartPolicy: Always
      command: [sh, -c, "while true; do date > /page/index.html; sleep 1; done"]
      volumeMounts: [{name: page, mountPath: /page}]
  containers:
    - name: web
      image: nginx:no-such-tag
      ports: [{containerPort: 80}]
      volumeMounts: [{name: page, mountPath: /usr/share/nginx/html}]
  volumes:
    - name: page
      emptyDir: {}
YAML
kubectl wait -n "$ns" --for=condition=Ready "pod/$pod" --timeout=5s
