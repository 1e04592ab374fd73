# Sourced by scripts/bench: the outbox beside SQLite, the raw disk and Mosquitto's bridge.
need_debian libsqlite3-0 mosquitto bc e2fsprogs mount util-linux
rounds=25 byte_rounds=5 commits=3000 backlog=1000000 drained=200000 bridged=200000 slow=60000 bridge_rounds=3
if [ "${2:-}" = --short ]; then
  rounds=7 byte_rounds=1 commits=1000 backlog=300000 drained=50000 bridged=100000 slow=30000 bridge_rounds=1
fi

mkdir -p artifacts
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
median() { sort -n | sed -n "$(((bridge_rounds + 1) / 2))p"; }

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
  read -r waiting ms before opened used _ < <("$bench" outbox open "$work/disk/start")
  printf '  %-32s %10s %8s %8s %8s\n' "$waiting waiting" "$ms" "$before" "$opened" "$used"
  rm -r "$work/disk/start"
done

# The sink measures from the first message to the last, so that neither connecting nor filling counts.
ours() { # COUNT ROUNDTRIP
  local folder port
  port=$(free_port) folder=$work/disk/bridge
  mkdir "$folder"
  coproc bridge { "$bench" outbox bridge "$folder" "$1" "$port"; }
  local pid=$bridge_PID
  read -r _ <&"${bridge[0]}"
  "$bench" outbox sink "$port" "$1" "$2"
  wait "$pid" 2>/dev/null || true
  rm -r "$folder"
}
mosquitto=$(command -v mosquitto || echo /usr/sbin/mosquitto)
theirs() { # COUNT ROUNDTRIP SETTING...
  local port sink pid
  port=$(free_port) sink=$(free_port)
  printf '%s\n' "listener $port 127.0.0.1" 'allow_anonymous true' 'max_queued_messages 0' "${@:3}" \
    'connection cloud' "address 127.0.0.1:$sink" 'topic bench/# out 1' 'cleansession false' 'notifications false' 'restart_timeout 1' >"$work/mosquitto.conf"
  "$mosquitto" -c "$work/mosquitto.conf" >/dev/null 2>&1 &
  pid=$!
  until (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do read -rt 0.1 <> <(:) || true; done
  "$bench" load "$port" 1 1 0 "$1" 236 >/dev/null
  "$bench" outbox sink "$sink" "$1" "$2"
  kill "$pid"
  wait "$pid" 2>/dev/null || true
}
side_by_side() { # TITLE COUNT ROUNDTRIP
  : >"$work/ours"; : >"$work/theirs"
  for _ in $(seq $bridge_rounds); do
    ours "$2" "$3" >>"$work/ours"
    theirs "$2" "$3" 'max_inflight_messages 0' >>"$work/theirs"
  done
  local a b
  a=$(median <"$work/theirs") b=$(median <"$work/ours")
  printf '%-34s %10s %8s\n  %-32s %10d\n  %-32s %10d %7.1fx\n' "$1" 'messages/s' ratio 'Mosquitto, everything in flight' "$a" 'ours, 1,000 in flight' "$b" "$(echo "scale=2; $b / $a" | bc)"
}
side_by_side 'bridge into a sink, 0 ms' $bridged 0
side_by_side 'bridge into a sink, 50 ms' $slow 50
printf '  %-32s %10d\n  %-32s %10d\n' 'ours can at most: window / 50 ms' 20000 'Mosquitto, 20 in flight (default)' "$(theirs 2000 50)"
