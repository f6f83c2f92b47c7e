# fails: native-sidecar, shared-emptydir
# The trap: two Pods that meet in a directory of the node. Two IPs, two lives, and only by luck on one node.
kubectl apply -n "$ns" -f - <<YAML
apiVersion: v1
kind: Pod
metadata:
  name: writer
spec:
  terminationGracePeriodSeconds: 1
  containers:
    - name: writer
      image: busybox:1.36
      command: [sh, -c, "while true; do date > /page/index.html; sleep 1; done"]
      volumeMounts: [{name: page, mountPath: /page}]
  volumes:
    - name: page
      hostPath: {path: /tmp/two-pods, type: DirectoryOrCreate}
---
apiVersion: v1
kind: Pod
metadata:
  name: $pod
spec:
  terminationGracePeriodSeconds: 1
  containers:
    - name: web
      image: nginx:1.27-alpine
      volumeMounts: [{name: page, mountPath: /usr/share/nginx/html}]
  volumes:
    - name: page
      hostPath: {path: /tmp/two-pods, type: DirectoryOrCreate}
YAML
kubectl wait -n "$ns" --for=condition=Ready "pod/$pod" --timeout=60s
