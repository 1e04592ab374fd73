# Sourced by scripts/bench: the outbox beside SQLite, the raw disk and Mosquitto's bridge.
need_debian libsqlite3-0 mosquitto bc e2fsprogs mount util-linux
rounds=25 byte_rounds=5 commits=3000 backlog=1000000 drained=200000 bridged=600000 slow=60000 bridge_rounds=3
if [ "${2:-}" = --short ]; then
  rounds=7 byte_rounds=3 commits=1000 backlog=300000 drained=50000 bridged=400000 slow=30000 bridge_rounds=1
fi

mkdir -p artifacts
export DOTNET_TieredPGO=0 # a runtime that still instruments its code says nothing of a daemon that runs for months
work=$(mktemp -d -p "$PWD/artifacts" bench.XXXXXX) # not /tmp, which may be memory
device=
clean() {
  trap '' INT TERM
  kill $(jobs -p) 2>/dev/null || true
  wait 2>/dev/null || true
  mountpoint -q "$work/disk" && umount "$work/disk"
  [ -z "$device" ] || losetup -d "$device"
  rm -rf "$work"
}
trap clean EXIT
trap 'exit 130' INT TERM

mkdir "$work/disk"
if [ "$(id -u)" = 0 ] && truncate -s 6G "$work/image" && mkfs.ext4 -q -b 4096 -E lazy_itable_init=0,lazy_journal_init=0,nodiscard "$work/image" \
  && device=$(losetup -f --show "$work/image") && mount "$device" "$work/disk"; then
  echo "on ext4 with 4 KiB blocks, loop-mounted"
else
  echo "in $work: no root, or no loop mounts here; what reaches the device is not measured"
fi

# cold: what a start reads comes from the image, not from the file system's cache.
cold() { [ -z "$device" ] || { umount "$work/disk" && mount "$device" "$work/disk"; }; }
free_port() { "$bench" port; }

"$bench" outbox append "$work/disk" $rounds
"$bench" outbox mixed "$work/disk" $rounds
"$bench" outbox drain "$work/disk" $byte_rounds $drained
[ -z "$device" ] || "$bench" outbox bytes "$work/disk" $byte_rounds $commits "${device##*/}"
mkdir "$work/disk/garbage"
"$bench" outbox allocations "$work/disk/garbage"
rm -r "$work/disk/garbage"

printf '%-34s %10s %8s %8s %8s\n' 'start with a backlog' 'ms to open' 'MB before' 'opened' 'in use'
for count in 0 $((backlog / 10)) $backlog; do
  mkdir "$work/disk/start"
  "$bench" outbox fill "$work/disk/start" "$count"
  cold
  figures=$("$bench" outbox open "$work/disk/start") # to its end: it makes segments ahead, and the folder is removed
  read -r waiting ms before opened used _ <<<"$figures"
  printf '  %-32s %10s %8s %8s %8s\n' "$waiting waiting" "$ms" "$before" "$opened" "$used"
  rm -r "$work/disk/start"
done

# The sink measures from the first third to the last message, so that neither connecting, filling nor compiling counts.
bridge_of_ours() { # COUNT ROUNDTRIP: messages/s, CPU us per message
  local folder port cpu
  port=$(free_port) folder=$work/disk/bridge
  mkdir "$folder"
  coproc bridge { "$bench" outbox bridge "$folder" "$1" "$port"; }
  local pid=$bridge_PID
  read -r _ <&"${bridge[0]}"
  printf '%s ' "$("$bench" outbox sink "$port" "$1" "$2")"
  read -r cpu _ <&"${bridge[0]}"
  echo "$cpu"
  wait "$pid" 2>/dev/null || true
  rm -r "$folder"
}
mosquitto=$(command -v mosquitto || echo /usr/sbin/mosquitto)
cpu_ticks() { awk '{ print $14 + $15 }' "/proc/$1/stat"; }
bridge_of_mosquitto() { # COUNT ROUNDTRIP; the settings with which it loses nothing: no bound on its queue nor on what is in flight
  local port sink pid before
  port=$(free_port) sink=$(free_port)
  printf '%s\n' "listener $port 127.0.0.1" 'allow_anonymous true' 'max_queued_messages 0' 'max_inflight_messages 0' 'set_tcp_nodelay true' \
    'connection cloud' "address 127.0.0.1:$sink" 'topic bench/# out 1' 'cleansession false' 'notifications false' 'restart_timeout 1' >"$work/mosquitto.conf"
  "$mosquitto" -c "$work/mosquitto.conf" >/dev/null 2>&1 &
  pid=$!
  until (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do read -rt 0.1 <> <(:) || true; done
  "$bench" load "$port" 1 1 0 "$1" 236 >/dev/null
  before=$(cpu_ticks $pid)
  printf '%s ' "$("$bench" outbox sink "$sink" "$1" "$2")"
  echo "scale=2; ($(cpu_ticks $pid) - $before) * 1000000 / $(getconf CLK_TCK) / $1" | bc
  kill "$pid"
  wait "$pid" 2>/dev/null || true
}
median() { cut -d' ' -f"$1" "$2" | sort -n | sed -n "$(((bridge_rounds + 1) / 2))p"; }

: >"$work/ours"; : >"$work/theirs"
for _ in $(seq $bridge_rounds); do
  bridge_of_ours $bridged 0 >>"$work/ours"
  bridge_of_mosquitto $bridged 0 >>"$work/theirs"
done
theirs=$(median 1 "$work/theirs") ours=$(median 1 "$work/ours")
printf '%-34s %10s %8s %18s\n' "bridge into a sink, 0 ms" 'messages/s' ratio 'CPU us per message'
printf '  %-32s %10d %8s %18s\n' 'Mosquitto, everything in flight' "$theirs" '' "$(median 2 "$work/theirs")"
printf '  %-32s %10d %7sx %18s\n' 'ours, 1,000 in flight' "$ours" "$(echo "scale=2; $ours / $theirs" | bc)" "$(median 2 "$work/ours")"
read -r ours _ < <(bridge_of_ours $slow 50)
printf '%-34s %10s %8s\n' 'bridge into a sink, 50 ms' 'messages/s' ratio
printf '  %-32s %10d\n  %-32s %10d %7sx\n' 'window / round trip' 20000 'ours, 1,000 in flight' "$ours" "$(echo "scale=2; $ours / 20000" | bc)"
