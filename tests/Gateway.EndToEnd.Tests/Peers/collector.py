"""Subscribes with MQTT 5 or 3.1.1 and prints one JSON line per message. Lines on standard input are published: {"topic", "payload", "qos", "retain", "properties"}."""
import json
import sys
import threading

import paho.mqtt.client as mqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

port, client_id, version, *filters = sys.argv[1:]
v5 = version == "5"
lock = threading.Lock()


def tell(**what):
    with lock:
        print(json.dumps(what), flush=True)


def on_connect(client, userdata, flags, reason, properties=None):
    tell(event="connected", session=flags["session present"], reason=int(getattr(reason, "value", reason)))
    if filters:
        client.subscribe([(f, mqtt.SubscribeOptions(qos=1, retainAsPublished=True)) if v5 else (f, 1) for f in filters])


def on_subscribe(client, userdata, mid, codes, properties=None):
    tell(event="subscribed")


def on_message(client, userdata, m):
    p = m.properties if v5 else None
    tell(
        event="message", topic=m.topic, payload=m.payload.decode("utf-8", "replace"), qos=m.qos, retain=bool(m.retain), dup=bool(m.dup),
        user=[list(u) for u in getattr(p, "UserProperty", [])] if p else [],
        correlation=getattr(p, "CorrelationData", b"").decode("latin-1") if p else "",
    )


def on_publish(client, userdata, mid):
    tell(event="published", mid=mid)


def on_disconnect(client, userdata, reason, properties=None):
    tell(event="disconnected")


client = mqtt.Client(client_id, protocol=mqtt.MQTTv5 if v5 else mqtt.MQTTv311, **({} if v5 else {"clean_session": False}))
client.on_connect, client.on_subscribe, client.on_message = on_connect, on_subscribe, on_message
client.on_publish, client.on_disconnect = on_publish, on_disconnect
client.reconnect_delay_set(1, 1)
options = {}
if v5:
    connect = Properties(PacketTypes.CONNECT)
    connect.SessionExpiryInterval = 3600
    connect.ReceiveMaximum = 1000
    options = {"clean_start": False, "properties": connect}
client.connect_async("127.0.0.1", int(port), keepalive=30, **options)
client.loop_start()

for line in sys.stdin:
    request = json.loads(line)
    properties = None
    if v5 and request.get("properties"):
        properties = Properties(PacketTypes.PUBLISH)
        for name, value in request["properties"].items():
            setattr(properties, name, value.encode() if name == "CorrelationData" else value)
    info = client.publish(request["topic"], request["payload"], request.get("qos", 1), request.get("retain", False), properties)
    tell(event="sent", mid=info.mid, tag=request.get("tag"))
