"""Asks a broker who may do what: python3 decisions.py PORT 3.1.1|5 QUESTIONS.json. Prints the answers as JSON.

QUESTIONS: {"watcher": [user, password], "clients": [[id, user, password]], "topics": [...], "filters": [...]}
The watcher may publish and read everything; everybody may read fence/CLIENT-ID.
"""
import json
import queue
import sys

import paho.mqtt.client as mqtt

PORT = int(sys.argv[1])
V5 = sys.argv[2] == "5"
PATIENCE = 20


class Client:
    def __init__(self, name, user, password, will=None):
        self.messages = queue.Queue()
        self.subscribed = queue.Queue()
        connected = queue.Queue()
        self.name = name
        self.mqtt = mqtt.Client(name, protocol=mqtt.MQTTv5 if V5 else mqtt.MQTTv311)
        self.mqtt.on_message = lambda c, u, m: self.messages.put(m)
        self.mqtt.on_connect = lambda c, u, flags, rc, p=None: connected.put(rc.value if V5 else rc)
        self.mqtt.on_subscribe = lambda c, u, mid, codes, p=None: self.subscribed.put([x.value if V5 else x for x in codes])
        if user is not None:
            self.mqtt.username_pw_set(user, password)
        if will:
            self.mqtt.will_set(will, "will of " + name, 1)
        self.mqtt.connect("127.0.0.1", PORT, 60)
        self.mqtt.loop_start()
        self.code = connected.get(timeout=PATIENCE)
        if self.code != 0:
            self.end()

    def publish(self, topic, payload, retain=False):
        self.mqtt.publish(topic, payload, 1, retain).wait_for_publish(PATIENCE)

    def subscribe(self, filters):
        self.mqtt.subscribe([(f, 1) for f in filters])
        return self.subscribed.get(timeout=PATIENCE)

    def until(self, fence):
        got = []
        while True:
            m = self.messages.get(timeout=PATIENCE)
            if m.topic == fence:
                return got
            got.append((m.topic, m.payload.decode(), m.retain))

    def end(self):
        self.mqtt.disconnect()
        self.mqtt.loop_stop()


questions = json.load(open(sys.argv[3]))
topics = questions["topics"]
watcher = Client("watcher", *questions["watcher"])
assert watcher.code == 0, watcher.code
assert all(code < 128 for code in watcher.subscribe(["#"]))
for topic in topics:
    watcher.publish(topic, "kept", retain=True)


def watched():
    watcher.publish("fence/watcher", "")
    return watcher.until("fence/watcher")


watched()
answers = []
for name, user, password in questions["clients"]:
    client = Client(name, user, password)
    answer = {"client": name, "user": user, "connect": client.code}
    answers.append(answer)
    if client.code != 0:
        continue
    for topic in topics:
        client.publish(topic, "by " + name)
    answer["writes"] = sorted(t for t, p, r in watched() if p == "by " + name)
    client.subscribe(["fence/" + name])
    answer["filters"] = {}
    for wanted in questions["filters"]:
        code = client.subscribe([wanted])[0]
        for topic in topics:
            watcher.publish(topic, "live")
        watcher.publish("fence/" + name, "")
        got = client.until("fence/" + name)
        client.mqtt.unsubscribe(wanted)
        client.publish(topics[0], "the unsubscribe has been read when this is acknowledged")
        answer["filters"][wanted] = {"code": code, "reads": sorted({(t, bool(r)) for t, p, r in got if t[0] != "$"}), "sys": any(t[0] == "$" for t, p, r in got)}
    client.end()
    watched()
    answer["wills"] = []
    for topic in topics:
        Client(name, user, password, will=topic).mqtt.loop_stop()
        Client(name, user, password).end()
        answer["wills"] += [t for t, p, r in watched() if p == "will of " + name]
watcher.end()
print(json.dumps(answers))
