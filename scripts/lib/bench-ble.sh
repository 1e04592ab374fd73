# Sourced by scripts/bench: nobody to compare with; the rate of advertisements on air is the measure.
"$bench" ble decode

# The daemon with 500 devices that advertise ten times a second, on a private bus: CPU and memory of edge-gateway run, and none may be lost.
need_debian dbus
build tests/Gateway.EndToEnd.Tests
log=$(mktemp)
trap 'rm -f "$log"' EXIT
EDGE_GATEWAY_TEST_BLE_SECONDS=${EDGE_GATEWAY_TEST_BLE_SECONDS:-30} tests/Gateway.EndToEnd.Tests/bin/Release/net10.0/Gateway.EndToEnd.Tests -noColor -showLiveOutput -class '*BusyAirTests' >"$log" || {
  cat "$log" >&2
  exit 1
}
sed -n 's/.*\[OUTPUT\] //p' "$log"
