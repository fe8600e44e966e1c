#!/usr/bin/env bash
# eng/release-notes.sh v1.2.3: checks that the tag is the version to release, and prints the section of that version in CHANGELOG.md.
# Fails where VersionPrefix is another version, or where one of the changelogs has no section for it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
fail() { echo "$*" >&2; exit 1; }

[ $# -eq 1 ] || fail "Usage: eng/release-notes.sh v<version>"
version=$(sed -n 's:.*<VersionPrefix>\(.*\)</VersionPrefix>.*:\1:p' Directory.Build.props)
[ "$1" = "v$version" ] || fail "The tag $1 is not v$version: VersionPrefix in Directory.Build.props is $version."

# section <changelog>: the text under "## [version]", up to the next heading or the list of links, without blank lines at its ends.
section() {
  awk -v heading="## [$version]" '
    index($0, heading) == 1 { inside = 1; next }
    inside && /^(## |\[[^]]+\]: )/ { exit }
    inside && NF { printf "%s%s\n", blank, $0; blank = ""; started = 1; next }
    inside && started { blank = blank "\n" }' "$1"
}

for changelog in CHANGELOG.md src/*/CHANGELOG.md; do
  [ -n "$(section "$changelog")" ] || fail "$changelog has no section for $version."
done
section CHANGELOG.md
