#!/usr/bin/env bash
# Measures size and start-up of the same program with the SDK and by hand, for benchmarks/README.md.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. eng/publishing.sh

published=$(mktemp -d)
prepare_native
start_simulator 0
trap 'kill "$simulator"; rm -r "$simulator_log" "$published"' EXIT

printf '%-8s %-8s %6s %22s %22s\n' kind program MB 'client, ms (CPU)' 'video, ms (CPU)'
for kind in trimmed native; do
  for program in ByHand WithSdk; do publish "benchmarks/StartUp/$program" "$kind" "$published/$kind-$program"; done

  # The programs run alternately, so that other load on the machine affects both; the first round warms the disk cache.
  for round in {0..21}; do
    for program in ByHand WithSdk; do
      files=$published/$kind-$program
      command=("$files/$program" "$juxin" "$key")
      client=$(cost_of "${command[@]}") video=$(cost_of "${command[@]}" "$published/video.mp4")
      [ "$round" -eq 0 ] || { echo "$client" >>"$files-client"; echo "$video" >>"$files-video"; }
    done
  done

  for program in ByHand WithSdk; do
    files=$published/$kind-$program
    printf '%-8s %-8s %6s %13s (%6s) %13s (%6s)\n' "$kind" "$program" "$(size_of "$files")" \
      $(medians <"$files-client") $(medians <"$files-video")
  done
done
