"""Asks a broker who may do what: python3 decisions.py PORT 3.1.1|5 QUESTIONS.json. Prints the answers as JSON.

QUESTIONS: {"watcher": [user, password], "clients": [[id, user, password]], "topics": [...], "filters": [...]}
The watcher may publish and read everything; everybody may read fence/CLIENT-ID ("hash" for #).
"""
import itertools
import json
import queue
import socket
import struct
import sys

import paho.mqtt.client as mqtt

PORT = int(sys.argv[1])
V5 = sys.argv[2] == "5"
PATIENCE = 20


class Client:
    def __init__(self, name, user, password):
        self.messages = queue.Queue()
        self.subscribed = queue.Queue()
        connected = queue.Queue()
        self.name = name
        self.mqtt = mqtt.Client(name, protocol=mqtt.MQTTv5 if V5 else mqtt.MQTTv311)
        self.mqtt.on_socket_open = lambda c, u, sock: sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.mqtt.on_message = lambda c, u, m: self.messages.put(m)
        self.mqtt.on_connect = lambda c, u, flags, rc, p=None: connected.put(rc.value if V5 else rc)
        self.mqtt.on_subscribe = lambda c, u, mid, codes, p=None: self.subscribed.put([x.value if V5 else x for x in codes])
        if user is not None:
            self.mqtt.username_pw_set(user, password)
        self.mqtt.connect("127.0.0.1", PORT, 60)
        self.mqtt.loop_start()
        self.code = connected.get(timeout=PATIENCE)
        if self.code != 0:
            self.end()

    def publish(self, topic, payload):
        self.publish_all([topic], payload)

    def publish_all(self, topics, payload, retain=False):
        for sent in [self.mqtt.publish(topic, payload, 1, retain) for topic in topics]:
            sent.wait_for_publish(PATIENCE)

    def subscribe(self, filters):
        self.mqtt.subscribe([(f, 1) for f in filters])
        return self.subscribed.get(timeout=PATIENCE)

    def until(self, fence, number):
        """What came before this fence. A broker may deliver it twice, by two filters."""
        got = []
        while True:
            m = self.messages.get(timeout=PATIENCE)
            if m.topic == fence:
                if m.payload == number.encode():
                    return got
                continue
            got.append((m.topic, m.payload.decode(), m.retain))

    def end(self):
        self.mqtt.disconnect()
        self.mqtt.loop_stop()


def text(value):
    data = value.encode()
    return struct.pack("!H", len(data)) + data


def die(name, user, password, will=None):
    """Connects with a will, as paho would, and leaves the socket to whoever connects next under the same name."""
    flags = 0x02 | (0x04 | 0x08 if will else 0) | (0x80 if user is not None else 0) | (0x40 if password is not None else 0)
    body = text("MQTT") + bytes([5 if V5 else 4, flags]) + struct.pack("!H", 60) + (b"\0" if V5 else b"") + text(name)
    if will:
        body += (b"\0" if V5 else b"") + text(will) + text("will of " + name)
    for value in (user, password):
        body += text(value) if value is not None else b""
    assert len(body) < 128
    sock = socket.create_connection(("127.0.0.1", PORT), PATIENCE)
    sock.sendall(bytes([0x10, len(body)]) + body)
    answer = sock.recv(4)
    assert answer[0] == 0x20 and answer[3] == 0, answer
    return sock


questions = json.load(open(sys.argv[3]))
topics = questions["topics"]
watcher = Client("watcher", *questions["watcher"])
assert watcher.code == 0, watcher.code
assert all(code < 128 for code in watcher.subscribe(["#"]))
watcher.publish_all(topics, "kept", retain=True)


numbers = (str(n) for n in itertools.count())


def watched():
    number = next(numbers)
    watcher.publish("fence/watcher", number)
    return watcher.until("fence/watcher", number)


watched()
answers = []
for name, user, password in questions["clients"]:
    client = Client(name, user, password)
    answer = {"client": name, "user": user, "connect": client.code}
    answers.append(answer)
    if client.code != 0:
        continue
    client.publish_all(topics, "by " + name)
    answer["writes"] = sorted(t for t, p, r in watched() if p == "by " + name)
    fence = "fence/" + name.replace("#", "hash")
    client.subscribe([fence])
    answer["filters"] = {}
    for wanted in questions["filters"]:
        code = client.subscribe([wanted])[0]
        watcher.publish_all(topics, "live")
        number = next(numbers)
        watcher.publish(fence, number)
        got = client.until(fence, number)
        client.mqtt.unsubscribe(wanted)
        client.publish(topics[0], "the unsubscribe has been read when this is acknowledged")
        answer["filters"][wanted] = {"code": code, "reads": sorted({(t, bool(r)) for t, p, r in got if t[0] != "$"}), "sys": any(t[0] == "$" for t, p, r in got)}
    client.end()
    watched()
    answer["wills"] = []
    for topic in topics:
        with die(name, user, password, topic):
            with die(name, user, password):
                pass
        answer["wills"] += [t for t, p, r in watched() if p == "will of " + name]
watcher.end()
print(json.dumps(answers))
