# fails: enough-cpu, right-selector, tolerates, bound-claim
# The trap: nodeName in every template. The Pods run or fail, but nobody scheduled them.
worker=$(kubectl get nodes -l '!node-role.kubernetes.io/control-plane' -o jsonpath='{.items[0].metadata.name}')
first=$(kubectl get nodes -l node-role.kubernetes.io/control-plane -o jsonpath='{.items[0].metadata.name}')
for name in "$hungry" "$picky" "$keeper"; do
  kubectl -n "$ns" patch deployment "$name" --type=merge -p "{\"spec\":{\"template\":{\"spec\":{\"nodeName\":\"$worker\"}}}}"
done
kubectl -n "$ns" patch deployment "$watcher" --type=merge -p "{\"spec\":{\"template\":{\"spec\":{\"nodeName\":\"$first\"}}}}"
