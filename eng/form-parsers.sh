#!/usr/bin/env bash
# Records a few hundred multipart requests as the SDK writes them and reads them back with the form parsers of other languages.
# Needs golang-go; includes PHP and Werkzeug (php-cli, python3-werkzeug) where they are installed. Not part of `dotnet test`.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../tests/parsers"
requests=$(mktemp -d)
trap 'rm -r "$requests"' EXIT

SORA2_REQUESTS_TO=$requests dotnet run --project ../Sora2.Sdk.IntegrationTests --framework net10.0 -- \
  --filter-method '*.A_form_is_read_back_as_it_was_written' >"$requests/log" || { cat "$requests/log"; exit 1; }

go run go.go "$requests"
for python in /usr/bin/python3 python3; do
  if "$python" -c 'import werkzeug' 2>/dev/null; then "$python" werkzeug_form.py "$requests"; break; fi
done
if command -v php >/dev/null; then php form.php "$requests"; fi
