# Sourced by scripts/bench: nobody to compare with; 50 packets a second are twice what one channel can carry (SF7, 125 kHz: 45 ms for a small packet).

# The daemon on a pseudo-terminal with a modem, 1,000 nodes behind it and Mosquitto upstream: CPU and memory of edge-gateway run, and none may be lost.
need_debian mosquitto python3-paho-mqtt
build tests/Gateway.EndToEnd.Tests
log=$(mktemp)
trap 'rm -f "$log"' EXIT
EDGE_GATEWAY_TEST_LORA_SECONDS=${EDGE_GATEWAY_TEST_LORA_SECONDS:-40} tests/Gateway.EndToEnd.Tests/bin/Release/net10.0/Gateway.EndToEnd.Tests -noColor -showLiveOutput -class '*BusyFieldTests' >"$log" || {
  cat "$log" >&2
  exit 1
}
sed -n 's/.*\[OUTPUT\] //p' "$log"
