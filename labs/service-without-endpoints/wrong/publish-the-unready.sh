# fails: endpoints
# The Service is told to hand out Pods that are not ready, and the probe stays broken.
kubectl -n "$ns" patch service "$app" --type=merge -p "{\"spec\":{\"publishNotReadyAddresses\":true,\"selector\":{\"app\":\"$app\"},\"ports\":[{\"name\":\"http\",\"port\":80,\"targetPort\":\"web\"}]}}"
