"""Publishes numbers at QoS 1 to one topic, 200 a second, through every end of the broker. Prints "acked N TOTAL" for each PUBACK. Lines on standard
input: pause, resume."""
import itertools
import sys
import threading

import paho.mqtt.client as mqtt

WINDOW = 50
port, topic = sys.argv[1:]
lock = threading.Lock()
waiting, running, total = {}, threading.Event(), 0
pace = threading.Event()


def on_publish(client, userdata, mid):
    global total
    with lock:
        total += 1
        print(f"acked {waiting.pop(mid)} {total}", flush=True)


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
    while len(waiting) >= WINDOW or not running.is_set():
        pace.wait(0.005)
    with lock:
        waiting[client.publish(topic, str(number), qos=1).mid] = number
    pace.wait(0.005)
