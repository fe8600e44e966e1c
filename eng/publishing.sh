# Functions to source: publish programs trimmed and native, measure them, and start the simulator that they call.

# Whether the first of clang and gcc that is installed links a program with zlib.
links_with_zlib() {
  local compiler
  for compiler in clang gcc; do
    if command -v "$compiler" >/dev/null; then
      echo 'int main(){}' | "$compiler" -x c - -lz -o /dev/null 2>/dev/null
      return
    fi
  done
  return 1
}

# Installs what the native compiler links with where it is missing: clang or gcc, and zlib.
prepare_native() {
  links_with_zlib && return
  local administrator=
  [ "$(id -u)" -eq 0 ] || administrator=sudo
  if command -v apt-get >/dev/null; then
    $administrator apt-get update -qq >&2 &&
      $administrator apt-get install -y -qq --no-install-recommends gcc libc6-dev zlib1g-dev >&2 || true
  fi
  links_with_zlib && return
  echo "Publishing native code needs gcc or clang, and the headers of zlib:" \
    "install gcc, libc6-dev and zlib1g-dev, or their equivalents on your system." >&2
  return 1
}

# publish <project> <trimmed|native> <folder>
publish() {
  local framework=net10.0
  [ "$2" = trimmed ] || framework=net8.0
  dotnet publish "$1" --configuration Release --framework "$framework" --property "PublishAs=$2" --output "$3" --verbosity quiet
}

# The size of a folder in MB.
size_of() { du --summarize --bytes "$1" | awk '{ printf "%.1f", $1 / 1e6 }'; }

# The wall time and the CPU time of a command in milliseconds. CPU time depends less on other load.
cost_of() {
  local TIMEFORMAT='%3R %3U %3S'
  { time "$@" >/dev/null 2>&3; } 3>&2 2>&1 | awk '{ print 1000 * $1, 1000 * ($2 + $3) }'
}

# The medians of two columns on standard input.
medians() {
  awk '
    { a[NR] = $1; b[NR] = $2 }
    END { print middle(a), middle(b) }
    function middle(x, i, j, t) {
      for (i = 2; i <= NR; i++) { t = x[i]; for (j = i - 1; j > 0 && x[j] > t; j--) x[j + 1] = x[j]; x[j + 1] = t }
      return x[int((NR + 1) / 2)]
    }'
}

# start_simulator <seconds a task takes>: sets $juxin, $zhenzhen and $key. The simulator ends with the script.
start_simulator() {
  simulator_log=$(mktemp)
  dotnet build src/Sora2.Sdk.Simulator.Cli --verbosity quiet >"$simulator_log" || { cat "$simulator_log"; return 1; }
  src/Sora2.Sdk.Simulator.Cli/bin/Debug/net8.0/sora2-simulator --juxin-port 0 --zhenzhen-port 0 --media-port 0 \
    --speed 1 --duration "$1" >"$simulator_log" &
  simulator=$!
  trap 'kill "$simulator"; rm -f "$simulator_log"' EXIT
  until grep --quiet 'Ctrl+C stops' "$simulator_log"; do kill -0 "$simulator" && sleep 0.1; done
  juxin=$(awk '$1 == "Juxin" { print $2 }' "$simulator_log")
  zhenzhen=$(awk '$1 == "Zhenzhen" { print $2 }' "$simulator_log")
  key=$(awk '$1 == "Key" { print $2 }' "$simulator_log")
}
