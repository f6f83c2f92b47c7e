# Another right way: a small server of busybox, the volume in memory, a sidecar that must have started before the server does.
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
      command: [sh, -c, "i=0; while true; do i=\$((i+1)); echo page \$i > /out/index.html; sleep 2; done"]
      startupProbe:
        periodSeconds: 1
        exec: {command: [cat, /out/index.html]}
      volumeMounts: [{name: shared, mountPath: /out}]
  containers:
    - name: server
      image: busybox:1.36
      command: [httpd, -f, -p, "80", -h, /www]
      volumeMounts: [{name: shared, mountPath: /www, readOnly: true}]
  volumes:
    - name: shared
      emptyDir: {medium: Memory}
YAML
kubectl wait -n "$ns" --for=condition=Ready "pod/$pod" --timeout=60s
