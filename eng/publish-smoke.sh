#!/usr/bin/env bash
# Publishes tests/Sora2.Sdk.Smoke, a program that uses all of the SDK, trimmed and as native code, and runs both against the simulator.
# Warnings are errors.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. eng/publishing.sh

published=$(mktemp -d)
prepare_native
start_simulator 0.2
trap 'kill "$simulator"; rm -r "$simulator_log" "$published"' EXIT

for kind in trimmed native; do
  publish tests/Sora2.Sdk.Smoke "$kind" "$published/$kind"
  mkdir "$published/$kind-files"
  read -r wall processor < <(for _ in {1..11}; do cost_of "$published/$kind/Sora2.Sdk.Smoke" start; done | medians)
  echo "-- $kind: $(size_of "$published/$kind") MB; makes a client and ends in $wall ms, of which $processor ms are CPU time"
  "$published/$kind/Sora2.Sdk.Smoke" "$juxin" "$zhenzhen" "$key" "$published/$kind-files"
done
