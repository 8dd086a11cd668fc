#!/usr/bin/env bash
# Makes the caches from which the parties start quickly and small (JEP 483, ahead-of-time class loading and linking, with
# JEP 515's method profiles): a Network and a node train once with a researcher, and write down what they have loaded; so does
# one short command (`node status`), for all the others and for `run`, and a worker, beforehand. Called by
# the launcher after a build: make-caches.sh BUILT JAVA_HOME. What it makes, BUILT/cache/{network,node,command,worker}.aot, is
# never needed: a JVM that does not find its cache, or whose jars are others now, starts without.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/java-options.sh"
built=$(cd "$1" && pwd)
java=$2/bin/java
work=$(mktemp -d)
export TMPDIR="$work"
started=()
finish() {
  for process in ${started[@]+"${started[@]}"}; do kill "$process" 2>/dev/null || true; done
  rm -rf "$work"
}
trap finish EXIT
cd "$work"

command_options=("${short_options[@]}")
fedbiomed() { # COMMAND..., with $record before it
  "$java" "${common_options[@]}" ${command_options[@]+"${command_options[@]}"} ${record:+"$record"} -cp "$built/lib/*" fedbiomed.cli.Main "$@"
}
await() { # FILE TEXT
  for _ in $(seq 300); do grep -q "$2" "$1" && return; sleep 0.2; done
  echo "no '$2' in $1:" >&2
  cat "$1" >&2
  return 1
}
field() { sed -n "s/.*\"$1\" *: *\"\\([^\"]*\\)\".*/\\1/p" | head -n 1; }
fingerprint() { grep -oE '[A-Z0-9]{4}(-[A-Z0-9]{4}){7}' | head -n 1; }

mkdir -p "$built/cache" natives rehearsal
"$java" "${common_options[@]}" "${short_options[@]}" "-Dorg.bytedeco.javacpp.cachedir=$work/natives" \
  -cp "$built/lib/*" fedbiomed.node.round.WorkerRehearsal "$built/cache/worker.aot" rehearsal >rehearsal.log 2>&1 || cat rehearsal.log
record=
fedbiomed network init --bind 127.0.0.1 --mqtt-port 0 --store-port 0 >/dev/null
"$java" "${common_options[@]}" "${network_options[@]}" "-XX:AOTCacheOutput=$built/cache/network.aot" \
  -cp "$built/lib/*" fedbiomed.cli.Main network start >network.log 2>&1 &
started+=($!)
await network.log "Network ready"
node=$(fedbiomed node init --home node --invite="$(fedbiomed network invite node node --json | field token)" | fingerprint)
researcher=$(fedbiomed researcher init --home researcher \
  --invite="$(fedbiomed network invite researcher researcher --json | field token)" | fingerprint)
fedbiomed node researcher trust researcher "$researcher" --home node >/dev/null
fedbiomed researcher node trust node "$node" --home researcher >/dev/null
{ echo a,b,y; for i in $(seq 40); do echo "$i,$((i % 7)),$((i % 2))"; done; } >rows.csv
cat >experiment.yaml <<'YAML'
tags: rows
plan: rehearsal/NetworkPlan.java
training_args: {num_updates: 2, loader_args: {batch_size: 10}}
rounds: 60
YAML
fedbiomed node dataset add rows.csv --name rows --tags rows --home node >/dev/null
fedbiomed node plan add rehearsal/NetworkPlan.java --home node >/dev/null
fedbiomed node plan approve "$(fedbiomed node plan list --json --home node | field id)" --home node >/dev/null
"$java" "${common_options[@]}" "${node_options[@]}" "-XX:AOTCacheOutput=$built/cache/node.aot" \
  -cp "$built/lib/*" fedbiomed.cli.Main node start --home node >node.log 2>&1 &
started+=($!)
await node.log "is connected"
command_options=()
# a machine without bubblewrap trains nothing; what the parties have loaded until then serves as well
fedbiomed run experiment.yaml --home researcher >run.log 2>&1 || cat run.log
command_options=("${short_options[@]}")
record="-XX:AOTCacheOutput=$built/cache/command.aot"
fedbiomed node status --home node >command.log 2>&1
kill "${started[1]}"
wait "${started[1]}" || true
kill "${started[0]}"
wait "${started[0]}" || true
started=()
