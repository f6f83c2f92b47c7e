#!/bin/bash
# Starts a program with standard input, output and error only: node-pty's masters of other learners' terminals are not
# close-on-exec on every version, and one inherited master is enough to type into somebody else's shell.
# Usage: launcher.sh [-f FILE]... -- PROGRAM [ARG]...   The Nth FILE is opened for reading as descriptor 2+N (3, 4, …).
files=()
while [ "$1" = "-f" ]; do files+=("$2"); shift 2; done
[ "$1" = "--" ] && shift
for path in /dev/fd/*; do
  fd=${path##*/}
  [ "$fd" -gt 2 ] 2>/dev/null && eval "exec $fd>&-"
done
n=3
for file in "${files[@]}"; do eval "exec $n<\"\$file\""; n=$((n + 1)); done
exec "$@"
