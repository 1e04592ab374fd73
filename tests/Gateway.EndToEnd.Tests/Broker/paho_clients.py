"""Exercises a broker with paho: python3 paho_clients.py PORT 3.1.1|5. Ends with "all good", or with an exception."""
import queue
import sys
import threading

import paho.mqtt.client as mqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.subscribeoptions import SubscribeOptions

PORT = int(sys.argv[1])
V5 = sys.argv[2] == "5"
PATIENCE = 20


class Client:
    """A paho client whose callbacks land in queues."""

    def __init__(self, name, clean=True, expiry=0, will=None, properties=None):
        self.messages = queue.Queue()
        self.subscribed = queue.Queue()
        self.connected = queue.Queue()
        self.gone = threading.Event()
        if V5:
            self.mqtt = mqtt.Client(name, protocol=mqtt.MQTTv5)
        else:
            self.mqtt = mqtt.Client(name, clean_session=clean, protocol=mqtt.MQTTv311)
        self.mqtt.on_message = lambda c, u, m: self.messages.put(m)
        if V5:
            self.mqtt.on_connect = lambda c, u, flags, rc, p: self.connected.put((flags["session present"], rc.value, p))
            self.mqtt.on_subscribe = lambda c, u, mid, codes, p: self.subscribed.put([code.value for code in codes])
            self.mqtt.on_disconnect = lambda c, u, rc, p=None: self.gone.set()
        else:
            self.mqtt.on_connect = lambda c, u, flags, rc: self.connected.put((flags["session present"], rc, None))
            self.mqtt.on_subscribe = lambda c, u, mid, codes: self.subscribed.put(list(codes))
            self.mqtt.on_disconnect = lambda c, u, rc: self.gone.set()
        if will:
            self.mqtt.will_set(*will)
        if V5:
            properties = properties or Properties(PacketTypes.CONNECT)
            properties.SessionExpiryInterval = expiry
            self.mqtt.connect("127.0.0.1", PORT, 60, clean_start=clean, properties=properties)
        else:
            self.mqtt.connect("127.0.0.1", PORT, 60)
        self.mqtt.loop_start()
        present, code, self.properties = self.connected.get(timeout=PATIENCE)
        assert code == 0, code
        self.present = bool(present)

    def subscribe(self, *args, **kwargs):
        self.mqtt.subscribe(*args, **kwargs)
        return self.subscribed.get(timeout=PATIENCE)

    def publish(self, *args, **kwargs):
        self.mqtt.publish(*args, **kwargs).wait_for_publish(PATIENCE)

    def next(self):
        return self.messages.get(timeout=PATIENCE)

    def nothing(self):
        """Nothing was on its way: a message to itself comes next."""
        topic = "fence/" + self.mqtt._client_id.decode()
        self.subscribe(topic, 0)
        self.publish(topic, "fence")
        assert self.next().topic == topic

    def disconnect(self):
        self.mqtt.disconnect()
        assert self.gone.wait(PATIENCE)
        self.mqtt.loop_stop()

    def die(self):
        """The connection breaks without DISCONNECT."""
        self.mqtt._sock.shutdown(2)
        assert self.gone.wait(PATIENCE)
        self.mqtt.loop_stop()


def qos_and_wildcards():
    a = Client("a")
    assert a.subscribe([("w/+/x", 2), ("v/#", 1), ("u", 0)]) == [2, 1, 0]
    for topic, granted in (("w/1/x", 2), ("v", 1), ("v/1/2", 1), ("u", 0)):
        for qos in range(3):
            a.publish(topic, f"{topic} {qos}", qos)
            got = a.next()
            assert (got.topic, got.payload.decode(), got.qos) == (topic, f"{topic} {qos}", min(qos, granted)), vars(got)
    a.publish("w/1/y", "no", 1)
    a.publish("/u", "no", 1)
    a.nothing()
    a.disconnect()


def many_in_order():
    a, b = Client("a"), Client("b")
    b.subscribe("m", 2)
    for i in range(300):
        a.mqtt.publish("m", str(i), i % 3)
    got = [int(b.next().payload) for _ in range(300)]
    for qos in range(3):
        assert [i for i in got if i % 3 == qos] == list(range(qos, 300, 3))
    a.disconnect()
    b.disconnect()


def retained():
    a = Client("a")
    a.publish("r/1", "one", 1, retain=True)
    a.publish("r/2", "two", 2, retain=True)
    a.publish("r/1", b"", 1, retain=True)
    a.subscribe("r/#", 2)
    got = a.next()
    assert (got.topic, got.payload, got.qos, got.retain) == ("r/2", b"two", 2, True)
    a.nothing()
    a.publish("r/2", b"", 1, retain=True)
    assert not a.next().retain
    a.disconnect()


def wills():
    watcher = Client("watcher")
    watcher.subscribe("will/+", 1)
    good = Client("good", will=("will/good", "x", 1, False))
    good.disconnect()
    bad = Client("bad", will=("will/bad", "gone", 1, True))
    bad.die()
    got = watcher.next()
    assert (got.topic, got.payload, got.retain) == ("will/bad", b"gone", False)
    watcher.nothing()
    late = Client("late")
    late.subscribe("will/bad", 0)
    assert late.next().retain
    late.publish("will/bad", b"", 1, retain=True)
    late.disconnect()
    watcher.disconnect()


def sessions():
    s = Client("keeper", clean=False, expiry=600)
    assert not s.present
    s.subscribe("s/#", 2)
    s.disconnect()
    p = Client("p")
    for i in range(250):
        p.publish("s/1", str(i), 1 + i % 2)
    s = Client("keeper", clean=False, expiry=600)
    assert s.present
    got = [int(s.next().payload) for _ in range(250)]
    # paho hands QoS 2 over at PUBREL: each QoS has its own order.
    for odd in range(2):
        assert [i for i in got if i % 2 == odd] == list(range(odd, 250, 2)), got
    s.disconnect()
    s = Client("keeper", clean=True)
    assert not s.present
    p.publish("s/1", "x", 1)
    s.nothing()
    s.disconnect()
    p.disconnect()


def takeover():
    first = Client("twin")
    first.mqtt.reconnect_delay_set(1000, 1000)
    second = Client("twin")
    assert first.gone.wait(PATIENCE)
    first.mqtt.loop_stop()
    second.nothing()
    second.disconnect()


def only_in_5():
    a = Client("")
    assert a.properties.AssignedClientIdentifier
    assert a.properties.SharedSubscriptionAvailable == 0
    a.disconnect()
    a = Client("a5")
    a.subscribe("n", options=SubscribeOptions(qos=1, noLocal=True))
    a.publish("n", "own", 1)
    a.nothing()
    a.publish("k", "kept", 1, retain=True)
    a.subscribe("k", options=SubscribeOptions(qos=1, retainHandling=SubscribeOptions.RETAIN_DO_NOT_SEND))
    a.nothing()
    properties = Properties(PacketTypes.PUBLISH)
    properties.UserProperty = [("b", "1"), ("a", "2")]
    properties.CorrelationData = b"\x00\x01"
    properties.ResponseTopic = "answer"
    properties.MessageExpiryInterval = 100
    a.subscribe("o", 1)
    a.publish("o", "x", 1, properties=properties)
    got = a.next().properties
    assert got.UserProperty == [("b", "1"), ("a", "2")], got.UserProperty
    assert (got.CorrelationData, got.ResponseTopic) == (b"\x00\x01", "answer")
    assert 98 <= got.MessageExpiryInterval <= 100
    a.disconnect()


for scenario in [qos_and_wildcards, many_in_order, retained, wills, sessions, takeover] + ([only_in_5] if V5 else []):
    scenario()
    print(scenario.__name__, "good")
print("all good")
