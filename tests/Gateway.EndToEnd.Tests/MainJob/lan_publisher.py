"""Publishes numbers at QoS 1 to one topic, 200 a second, through every end of the broker. Prints "acked N TOTAL" for each PUBACK. Lines on standard
input: pause, resume."""
import itertools
import sys
import threading

import paho.mqtt.client as mqtt

WINDOW = 50
port, topic = sys.argv[1:]
running, total, latest = threading.Event(), 0, 0
pace = threading.Event()


def on_publish(client, userdata, mid):
    # paho numbers its publishes from 1 to 65,535 and round again; the number is the newest that has this one. No lock here: paho calls this under one of its own.
    global total
    total += 1
    print(f"acked {latest - (latest - mid) % 65535} {total}", flush=True)


def read():
    for line in sys.stdin:
        (running.clear if line.strip() == "pause" else running.set)()
        print(line.strip() + "d", flush=True)


client = mqtt.Client("lan-publisher")
client.on_publish = on_publish
client.reconnect_delay_set(1, 1)
client.connect_async("127.0.0.1", int(port), keepalive=10)
client.loop_start()
threading.Thread(target=read, daemon=True).start()
running.set()
for number in itertools.count(1):
    while number - total > WINDOW or not running.is_set():
        pace.wait(0.005)
    latest = number
    client.publish(topic, str(number), qos=1)
    pace.wait(0.005)
