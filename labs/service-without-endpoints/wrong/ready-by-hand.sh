# fails: heals
# The file that the probe asks for is made by hand in each Pod, and goes with the Pod.
kubectl -n "$ns" patch service "$app" --type=merge -p "{\"spec\":{\"selector\":{\"app\":\"$app\"},\"ports\":[{\"name\":\"http\",\"port\":80,\"targetPort\":\"web\"}]}}"
for pod in $(kubectl -n "$ns" get pods -l "tier=$app" -o name); do
  kubectl -n "$ns" exec "$pod" -- sh -c 'echo ok > /www/ready'
done
kubectl -n "$ns" wait --for=condition=Ready pod -l "tier=$app" --timeout=30s
