# Sourced by scripts/bench: the LAN broker beside Debian's Mosquitto.
need_debian mosquitto bc
work=$(mktemp -d)
theirs=$("$bench" port) ours=$("$bench" port) rounds=3
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$work"' EXIT
printf 'listener %d 127.0.0.1\nallow_anonymous true\nmax_queued_messages 0\nset_tcp_nodelay true\n' $theirs >"$work/mosquitto.conf"
mosquitto=$(command -v mosquitto || echo /usr/sbin/mosquitto)
"$mosquitto" -c "$work/mosquitto.conf" >/dev/null 2>&1 &
"$bench" serve $ours >/dev/null 2>&1 &
until (exec 3<>/dev/tcp/127.0.0.1/$theirs) 2>/dev/null && (exec 3<>/dev/tcp/127.0.0.1/$ours) 2>/dev/null; do read -rt 0.1 <> <(:) || true; done

delivered() { "$bench" load "$@" | sed -n 's/.* \([0-9,]*\) delivered.*/\1/p' | tr -d , | tail -1; }
median() { sort -n | sed -n "$((rounds / 2 + 1))p"; }
delivered $ours 0 1 1 300000 64 >/dev/null # compiled before it counts
printf '%-28s %14s %14s %7s\n' 'delivered/s, 64 B payload' Mosquitto ours ratio
while read -r name qos publishers subscribers messages; do
  : >"$work/theirs"; : >"$work/ours"
  for _ in $(seq $rounds); do
    delivered $theirs "$qos" "$publishers" "$subscribers" "$messages" 64 >>"$work/theirs"
    delivered $ours "$qos" "$publishers" "$subscribers" "$messages" 64 >>"$work/ours"
  done
  a=$(median <"$work/theirs") b=$(median <"$work/ours")
  printf '%-28s %14d %14d %6.1fx\n' "$name" "$a" "$b" "$(echo "scale=2; $b / $a" | bc)"
done <<'CASES'
1→1_QoS_0 0 1 1 300000
1→1_QoS_1 1 1 1 100000
1→50_QoS_0 0 1 50 20000
50→1_QoS_0 0 50 1 300000
CASES
echo "latency at 1,000 messages/s, QoS 0"
echo "  Mosquitto: $("$bench" latency $theirs 1000 5 | tail -1)"
echo "  ours:      $("$bench" latency $ours 1000 5 | tail -1)"
