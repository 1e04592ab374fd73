# Sourced by scripts/bench: nobody to compare with; the rate of advertisements on air is the measure.
"$bench" ble decode

# The daemon with 500 devices that advertise ten times a second, on a private bus: CPU and memory of edge-gateway run, and none may be lost.
need_debian dbus
export EDGE_GATEWAY_TEST_BLE_SECONDS=${EDGE_GATEWAY_TEST_BLE_SECONDS:-30}
figures_of BusyAirTests
