# Sourced by scripts/bench: polling beside libmodbus, readings from the register to a subscriber, many points, a full serial line.
need_debian libmodbus-dev gcc libc6-dev pkg-config bc
rounds=5 seconds=4 line_seconds=60 steady=20
[ "${2:-}" != --short ] || rounds=3 seconds=2 line_seconds=15 steady=8
build src/Gateway
gateway=$PWD/src/Gateway/bin/Release/net10.0/edge-gateway
export DOTNET_TieredPGO=0 # a runtime that still instruments its code says nothing of a daemon that runs for months
work=$(mktemp -d)
clean() {
  trap '' INT TERM
  kill $(jobs -p) 2>/dev/null || true
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap clean EXIT
trap 'exit 130' INT TERM
# shellcheck disable=SC2046 # flags are several words
gcc -O2 -Wall -o "$work/peer" tests/Gateway.Benchmarks/Modbus/peer.c $(pkg-config --cflags --libs libmodbus)
median() { cut -d' ' -f"$1" "$2" | sort -n | sed -n "$((($(wc -l <"$2") + 1) / 2))p"; }
ratio() { echo "scale=2; $1 / $2" | bc; }

# told FILE: the first line that a peer says, as soon as it has.
told() { until [ -s "$1" ]; do read -rt 0.1 <> <(:) || true; done; head -1 "$1"; }

"$work/peer" serve >"$work/port" &
port=$(told "$work/port")
: >"$work/theirs"; : >"$work/ours"
for _ in $(seq $rounds); do
  "$work/peer" poll "$port" $seconds 100 >>"$work/theirs"
  "$bench" modbus poll "$port" $seconds 100 >>"$work/ours"
done
theirs=$(median 1 "$work/theirs") ours=$(median 1 "$work/ours")
printf '%-38s %10s %8s %12s %12s\n' '100 registers over TCP' polls/s ratio 'CPU us' 'garbage B'
printf '  %-36s %10d %8s %12s\n' 'libmodbus (C)' "$theirs" '' "$(median 2 "$work/theirs")"
printf '  %-36s %10d %7sx %12s %12s\n' 'ours, decoded and reported' "$ours" "$(ratio "$ours" "$theirs")" "$(median 2 "$work/ours")" "$(median 3 "$work/ours")"
printf '  %-36s %10s %8s %12s\n' 'of that above the link' '' '' "$("$bench" modbus parts 100)"

# configure EVERY DEVICES: 1,000 registers of each device, each on a link of its own. Where the broker will listen is in $lan.
configure() {
  lan=$("$bench" port)
  rm -rf "$work/data"
  {
    printf '%s\n' "gateway: { data: $work/data }" "broker: { listeners: [{ bind: 127.0.0.1, port: $lan }], anonymous: true }" "http: { port: $("$bench" port) }" 'links:'
    seq "$2" | sed "s/.*/  - { id: l&, type: modbus-tcp, host: 127.0.0.1, port: $port, timeout: 5s }/"
    echo 'devices:'
    for device in $(seq "$2"); do
      printf '  - id: d%d\n    link: l%d\n    points:\n' "$device" "$device"
      seq 0 999 | sed "s/.*/      - { id: p&, register: holding &, every: $1 }/"
    done
  } >"$work/gateway.yaml"
}
# start: runs the daemon and waits for its broker; its process id is in $daemon.
start() {
  "$gateway" run --config "$work/gateway.yaml" >"$work/log" 2>&1 &
  daemon=$!
  until (exec 3<>"/dev/tcp/127.0.0.1/$lan") 2>/dev/null; do
    kill -0 $daemon 2>/dev/null || { tail -20 "$work/log" >&2; exit 1; }
    read -rt 0.1 <> <(:) || true
  done
}
stop() { kill $daemon; wait $daemon 2>/dev/null || true; }
cpu_ticks() { awk '{ print $14 + $15 }' "/proc/$daemon/stat"; }
tick=$(getconf CLK_TCK)

printf '%-38s %10s %8s %8s %12s\n' '1,000 registers every 10 ms, read by' readings/s 'p50 ms' 'p99 ms' 'CPU us each'
for links in 1 2 3 4 5 6; do
  configure 10ms $links
  start
  before=$(cpu_ticks) began=$(date +%s%N)
  read -r rate half most < <("$bench" modbus subscribe "$lan" $seconds)
  used=$(($(cpu_ticks) - before)) took=$(($(date +%s%N) - began))
  stop
  printf '  %-36s %10d %8s %8s %12s\n' "$links links, ${links}00,000/s wanted" "$rate" "$half" "$most" "$(echo "scale=2; $used * 1000000 / $tick / ($rate * $took / 1000000000 + 1)" | bc)"
done

configure 1s 10
start
read -rt 5 <> <(:) || true
before=$(cpu_ticks)
read -rt $steady <> <(:) || true
used=$(($(cpu_ticks) - before))
printf '%-38s %9s%% of a core, %s MB\n' '10,000 points, every 1s' "$(echo "scale=1; $used * 100 / $tick / $steady" | bc)" "$(($(awk '/VmRSS/ { print $2 }' "/proc/$daemon/status") / 1024))"
stop

printf '%-38s %10s %8s\n' '32 units of 10 registers, 19200 8E1' polls/s 'of wire'
"$work/peer" line 19200 32 >"$work/pty" 2>"$work/silence" &
line=$!
pty=$(told "$work/pty")
wire=$("$bench" modbus wire 19200 10)
ours=$("$bench" modbus line "$pty" 19200 32 10 $line_seconds)
kill $line
wait $line 2>/dev/null || true
printf '  %-36s %10s\n' 'the wire' "$wire"
printf '  %-36s %10s %7s%%\n' 'ours' "$ours" "$(echo "scale=1; 100 * $ours / $wire" | bc)"
cat "$work/silence"
