#!/usr/bin/env bash
# Measures peers on this machine: benchmarks/peers/run.sh small|large|training [flower|fedbiomed|nvflare]...
# Installs what is not there yet (setup.sh). A line of JSON a peer, or why there is none. For training a table: cases
# (mlp, cnn, unet, linear-32, linear-1) may be named instead of peers.
set -euo pipefail
here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
. "$here/versions.sh"
what=${1:?small, large or training}
shift
uptime >&2

if [ "$what" = training ]; then
  "$here/setup.sh" training
  root=$(dirname "$(dirname "$here")")
  . "$root/.mvn/find-jdk.sh"
  JAVA_HOME=$(find_jdk) || exit 2
  "$root/fedbiomed" --version >/dev/null # builds what is not built
  exec "$JAVA_HOME/bin/java" -XX:+UseSerialGC -Xmx768m --enable-native-access=ALL-UNNAMED \
    --sun-misc-unsafe-memory-access=allow -cp "$root/benchmarks/target/classes:$root/cli/target/fedbiomed/lib/*" \
    fedbiomed.benchmarks.Training "$root" "$PEERS/training/bin/python" "$@"
fi

case "$what" in
  small) arguments=(--nodes 10 --elements 259257 --rounds 10) ;;
  large) arguments=(--nodes 3 --elements 100000000 --rounds 3 --patience 1800) ;;
  *) echo "small, large or training, not $what" >&2; exit 2 ;;
esac
[ $# -gt 0 ] || set -- flower fedbiomed nvflare
for peer in "$@"; do
  if "$here/setup.sh" "$peer"; then
    "$PEERS/$peer/bin/python" "$here/${peer}_peer.py" "${arguments[@]}" || echo "$peer $what: no figure; the reason is above"
  else
    echo "$peer: not installed; the reason is above"
  fi
done
uptime >&2
