#!/usr/bin/env bash
# Runs the clients in tests/clients against the simulator's program and installs what they need.
# A plain `dotnet test` skips a client whose language is missing; here a skipped client is a failure.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

eng/install-clients.sh
dotnet run --project tests/Sora2.Sdk.IntegrationTests --framework net10.0 -- --filter-class '*.ClientTests' --fail-skips on --no-progress
