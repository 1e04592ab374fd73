# Sourced by scripts/bench: nobody to compare with; the rate of advertisements on air is the measure.
"$bench" ble decode
