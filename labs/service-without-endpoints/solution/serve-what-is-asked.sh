# Another right way: the Service selects by another label and a port number, and the server gets the page that the probe asks for.
kubectl -n "$ns" patch service "$app" --type=merge -p "{\"spec\":{\"selector\":{\"app\":null,\"tier\":\"$app\"},\"ports\":[{\"name\":\"http\",\"port\":80,\"targetPort\":8080}]}}"
kubectl -n "$ns" patch deployment "$app" --type=json -p '[{"op":"replace","path":"/spec/template/spec/containers/0/command/2","value":"mkdir -p /www && hostname > /www/index.html && echo ok > /www/ready && exec httpd -f -p 8080 -h /www"}]'
kubectl -n "$ns" rollout status deployment "$app" --timeout=60s
