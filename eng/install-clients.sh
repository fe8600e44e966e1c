#!/usr/bin/env bash
# Installs what the clients in tests/clients need and this machine lacks: OpenAI's package for Node.js, requests for Python, curl.
# Uses apt-get, with sudo where the user is not root.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../tests/clients"

administrator=
[ "$(id -u)" -eq 0 ] || administrator=sudo

install() {
  if [ -z "${updated:-}" ]; then
    $administrator apt-get update --quiet=2
    updated=1
  fi
  $administrator apt-get install --quiet=2 --yes --no-install-recommends "$@" >/dev/null
}

has_requests() {
  local python
  for python in python3 /usr/bin/python3; do
    if "$python" -c 'import requests' 2>/dev/null; then return; fi
  done
  return 1
}

command -v curl >/dev/null || install curl
has_requests || install python3-requests
command -v npm >/dev/null || install nodejs npm
wanted=$(sed -n 's/.*"openai": "\(.*\)".*/\1/p' package.json)
grep -q "\"version\": \"$wanted\"" node_modules/openai/package.json 2>/dev/null || npm install --no-audit --no-fund --loglevel error
