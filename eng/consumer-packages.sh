#!/usr/bin/env bash
# Packs the packages and uses them as a consumer does: in a console program, a web application, a file-based app and as a tool.
# Then checks their contents.
# The programs are those in the README of the package. --accept writes the current contents to tests/PackageTests/expected.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
repository=$PWD
work=$(mktemp -d)
trap 'for job in $(jobs -p); do kill "$job" 2>/dev/null || true; done; wait; rm -rf "$work"' EXIT
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
unset SORA2_API_KEY SORA2_PLATFORM JUXIN_API_KEY ZHENZHEN_API_KEY

step() { echo "-- $* (${SECONDS} s)"; }
fail() { echo "$*" >&2; exit 1; }
quietly() { "$@" >"$work/output" 2>&1 || { cat "$work/output"; fail "Failed: $*"; }; }

# A version that no package source and no cache has. The time in the packages is that of the commit,
# so the same commit gives the same bytes.
suffix=ci.$(date -u +%Y%m%d%H%M%S)
version=$(sed -n 's:.*<VersionPrefix>\(.*\)</VersionPrefix>.*:\1:p' Directory.Build.props)-$suffix
export SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)

# Without analysers: the gate has built the same code with them.
pack() { dotnet pack "$1/src/Packages.slnf" --output "$2" --verbosity quiet -p:VersionSuffix="$suffix" -p:RunAnalyzers=false; }

# Copies the working tree without ignored files and sets a public origin, because a clone without one gets no links to sources.
copy() {
  git clone --quiet --no-checkout "$repository" "$1"
  git -C "$1" remote set-url origin https://github.com/example/sora2-sdk.git
  git ls-files -z --cached --others --exclude-standard |
    tar --create --null --files-from=- --ignore-failed-read 2>/dev/null |
    tar --extract --directory "$1"
}

step "packing $version"
copy "$work/copy"
quietly pack "$work/copy" "$work/packages"

# Packs a second time in another folder, in the background, to compare the bytes.
copy "$work/other/copy"
(pack "$work/other/copy" "$work/packages-of-copy" >"$work/copy.log" 2>&1) &
copying=$!

# The package sources of the machine stay; the packed packages come from a folder and go to a cache of their own.
cache=${NUGET_PACKAGES:-$HOME/.nuget/packages}
mkdir "$work/use"
cd "$work/use"
cat >nuget.config <<END
<configuration>
  <packageSources><add key="packed" value="$work/packages" /></packageSources>
  <fallbackPackageFolders><add key="machine" value="$cache" /></fallbackPackageFolders>
</configuration>
END
export NUGET_PACKAGES=$work/cache
cat >Directory.Build.props <<'END'
<Project>
  <PropertyGroup>
    <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
    <MSBuildTreatWarningsAsErrors>true</MSBuildTreatWarningsAsErrors>
    <NuGetAudit>false</NuGetAudit>
    <InvariantGlobalization>true</InvariantGlobalization>
  </PropertyGroup>
</Project>
END

# readme <line>: the first block of code after that line in the README of the package.
readme() {
  awk -v line="$1" 'index($0, line) == 1 { here = 1 } here && /^```/ { if (inside) exit; inside = 1; next } inside' \
    "$repository/src/Sora2.Sdk/README.md"
}

step "console program on .NET 8"
quietly dotnet new console --output console --no-restore
sed -i 's:net10.0:net8.0:' console/console.csproj
readme '`Program.cs` of the console program' >console/Program.cs
quietly dotnet package add Sora2.Sdk --version "$version" --project console --no-restore
quietly dotnet package add Sora2.Sdk.Simulator --version "$version" --project console --no-restore
quietly dotnet build console --use-current-runtime --self-contained
(cd console && timeout 60 bin/Debug/net8.0/*/console) | tee console.log
grep -q "1 create would have been billed" console.log || fail "The console program did not report one billed create."
head -c 12 console/corgi.mp4 | grep -q ftyp || fail "The console program left no MP4."

step "file-based app on .NET 10"
mkdir script
sed "s/@VERSION/@$version/" "$repository/tests/PackageTests/script.cs" >script/script.cs
(cd script && timeout 300 dotnet run script.cs) | tee script.log
grep -q "^2 videos, [1-9][0-9]* bytes, 3 creates$" script.log || fail "The file-based app did not report two videos and three creates."

step "web application on .NET 10, with the simulator as a tool"
quietly dotnet tool install Sora2.Sdk.Simulator.Cli --version "$version" --tool-path tools
tools/sora2-simulator --speed 100 --juxin-port 0 --zhenzhen-port 0 --media-port 0 >simulator.log &
simulator=$!
quietly dotnet new web --output web --no-restore
readme '`Program.cs` of the web application' >web/Program.cs
readme '`appsettings.json`' >web/appsettings.json
quietly dotnet package add Sora2.Sdk --version "$version" --project web --no-restore
quietly dotnet build web

# await <file> <pattern>: the first match in the output of a program that is starting, within 30 s.
await() { for _ in {1..300}; do grep -m1 -oP "$2" "$1" && return; sleep 0.1; done; cat "$1" >&2; fail "$1 has no match for $2 after 30 s"; }
juxin=$(await simulator.log 'Juxin +\Khttp\S+')
if (cd web && timeout 60 dotnet bin/Debug/net10.0/web.dll --urls http://127.0.0.1:0; exit $?) >web-without-key.log 2>&1; then
  fail "The web application starts without a key."
fi
grep -q "ApiKey" web-without-key.log || fail "The web application does not say that the key is missing."
(cd web &&
  Sora2__ApiKey=test-key-simulator Sora2__BaseAddress=$juxin Sora2__PollInterval=00:00:00.2 Sora2__AllowPrivateNetworkDownloads=true \
  exec dotnet bin/Debug/net10.0/web.dll --urls http://127.0.0.1:0) >web.log &
web=$!
address=$(await web.log 'listening on: \Khttp\S+')
id=$(curl --silent --show-error --fail --request POST "$address/videos?prompt=A+corgi+surfs" | tr -d '"')
curl --silent --show-error --fail --output web.mp4 \
  --write-out 'task '"$id"': %{http_code} %{content_type}, %{size_download} bytes\n' "$address/videos/$id"
head -c 12 web.mp4 | grep -q ftyp || fail "The web application gave no MP4."
kill "$web" && wait "$web"
kill "$simulator" && wait "$simulator"
grep "1 of them billed" simulator.log || fail "The web application was not billed once."

step "contents, and the bytes of a second pack from another folder"
wait "$copying" || { cat "$work/copy.log"; fail "Packing a copy failed."; }
cd "$repository"
NUGET_PACKAGES=$cache dotnet run tests/PackageTests/packages.cs -- "$version" "$work/packages" "$work/packages-of-copy" "$@"
step "done"
