# Sourced by the scripts beside it: finds or installs what they need. Quiet and quick when everything is there.

need_dotnet() {
  if command -v dotnet >/dev/null && dotnet --list-sdks | grep -q '^10\.'; then
    return
  fi
  cat >&2 <<'EOF'
The .NET 10 SDK is missing. Get it from https://dotnet.microsoft.com/download/dotnet/10.0
or, on Debian with Microsoft's package feed:  apt-get install dotnet-sdk-10.0
EOF
  exit 1
}

# build PROJECT...: silent unless it fails.
build() {
  local log
  export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
  log=$(dotnet build "$@" -c Release -nologo 2>&1) || {
    printf '%s\n' "$log" >&2
    exit 1
  }
}

# need_debian PACKAGE...: installs those that are not installed.
need_debian() {
  local missing=() package
  for package in "$@"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return
  if ! command -v apt-get >/dev/null; then
    echo "the tests need these Debian packages: ${missing[*]}" >&2
    exit 1
  fi
  local as=()
  [ "$(id -u)" = 0 ] || as=(sudo)
  echo "installing ${missing[*]}" >&2
  # No service may start: the tests start their own on ports of their own.
  "${as[@]}" apt-get update -qq
  "${as[@]}" env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# What the tests run against: other people's brokers, clients and devices, and the means to make disks and clocks fail.
need_test_packages() {
  need_debian mosquitto mosquitto-clients python3-paho-mqtt python3-prometheus-client python3-pymodbus python3-serial python3-serial-asyncio libmodbus-dev mbpoll gcc libc6-dev pkg-config \
    e2fsprogs mount util-linux openssl faketime procps python3-yaml curl dbus python3-dbus python3-gi
}

# Node-RED for the sample flow, in artifacts/; npm from wherever it is there, else Debian's.
need_node_red() {
  local version=4.0.9 folder=artifacts/node-red
  command -v npm >/dev/null || need_debian nodejs npm
  grep -qs "\"version\": \"$version\"" "$folder/node_modules/node-red/package.json" && return
  echo "installing Node-RED $version" >&2
  npm install --silent --no-audit --no-fund --omit=optional --ignore-scripts --prefix "$folder" "node-red@$version" >/dev/null
}
