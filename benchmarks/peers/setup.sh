#!/usr/bin/env bash
# Makes an environment of its own for each peer (all, or those named): benchmarks/peers/setup.sh [training|flower|fedbiomed|nvflare]...
#   FEDBIOMED_PEERS    where they go; by default ~/.cache/fedbiomed-peers (about 17 GB for all: PyTorch comes with CUDA)
#   PEERS_PYTHON       a Python 3.11, by default python3.11
set -euo pipefail
here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
. "$here/versions.sh"
[ $# -gt 0 ] || set -- training flower fedbiomed nvflare
mkdir -p "$PEERS"
failed=0
for peer in "$@"; do
  packages=${PACKAGES[$peer]:?"there is no peer $peer"}
  [ -f "$PEERS/$peer/complete" ] && [ "$(cat "$PEERS/$peer/complete")" = "$packages" ] && continue
  echo "installing $packages into $PEERS/$peer ..." >&2
  # shellcheck disable=SC2086 — several packages
  if "$PEERS_PYTHON" -m venv "$PEERS/$peer" \
    && "$PEERS/$peer/bin/python" -m pip install -q $packages >"$PEERS/$peer.log" 2>&1; then
    echo "$packages" >"$PEERS/$peer/complete"
  else
    echo "$peer does not install; the end of $PEERS/$peer.log:" >&2
    tail -5 "$PEERS/$peer.log" >&2 || true
    failed=1
  fi
done
exit $failed
