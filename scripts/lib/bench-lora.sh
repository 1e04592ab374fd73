# Sourced by scripts/bench: nobody to compare with; 50 packets a second are twice what one channel can carry (SF7, 125 kHz: 45 ms for a small packet).

# The daemon on a pseudo-terminal with a modem, 1,000 nodes behind it and Mosquitto upstream: CPU and memory of edge-gateway run, and none may be lost.
need_debian mosquitto python3-paho-mqtt
export EDGE_GATEWAY_TEST_LORA_SECONDS=${EDGE_GATEWAY_TEST_LORA_SECONDS:-40}
figures_of BusyFieldTests
