"""Does with a gateway's messages what the sample of a consumer says: consumer.py PORT home-assistant|telegraf FILE.
Lines on standard output: what the consumer makes of a message. A line on standard input {"entity", "value"} is what somebody sets in Home Assistant."""
import json
import re
import sys

import paho.mqtt.client as mqtt

port, kind, path = sys.argv[1:]


def tell(**what):
    print(json.dumps(what, ensure_ascii=False), flush=True)


class HomeAssistant:
    def __init__(self):
        import yaml
        with open(path, encoding="utf-8") as file:
            platforms = yaml.safe_load(file)["mqtt"]
        self.entities = [dict(entity, platform=platform) for platform, entities in platforms.items() for entity in entities]
        assert len({e["unique_id"] for e in self.entities}) == len(self.entities)

    def topics(self):
        return {e["state_topic"] for e in self.entities} | {e["availability_topic"] for e in self.entities}

    def take(self, topic, payload):
        for e in self.entities:
            if topic == e["availability_topic"]:
                tell(entity=e["unique_id"], available={"online": True, "offline": False}[payload])
            if topic == e["state_topic"]:
                # Jinja writes Python's words: True, None.
                point = re.fullmatch(r"\{\{ value_json\.points\['([a-z-]+)'\]\.v \}\}", e["value_template"]).group(1)
                tell(entity=e["unique_id"], state=str(json.loads(payload)["points"].get(point, {}).get("v")), known=[e.get("state_on"), e.get("state_off")], unit=e.get("unit_of_measurement"))

    def set(self, entity, value):
        e = next(e for e in self.entities if e["unique_id"] == entity)
        client.publish(e["command_topic"], e[value] if value in e else value, qos=e["qos"])


class Telegraf:
    def __init__(self):
        import tomllib
        with open(path, "rb") as file:
            (self.input,) = tomllib.load(file)["inputs"]["mqtt_consumer"]
        assert self.input["data_format"] == "json_v2"

    def topics(self):
        return self.input["topics"]

    def take(self, topic, payload):
        (rule,), (parse,), document = self.input["json_v2"], self.input["topic_parsing"], json.loads(payload)
        tags = {name: level for name, level in zip(parse["tags"].split("/"), topic.split("/")) if name != "_"}
        tags |= {t.get("rename", t["path"]): str(self.find(document, t)) for t in rule["tag"] if self.find(document, t) is not None}
        cast = {"float": float, "int": int, "string": str}
        fields = {f.get("rename", f["path"]): cast[f["type"]](self.find(document, f)) for f in rule["field"] if self.find(document, f) is not None}
        assert rule["timestamp_format"] == "unix_ms"
        tell(measurement=rule["measurement_name"], tags=tags, fields=fields, time=document[rule["timestamp_path"]])

    @staticmethod
    def find(document, rule):
        if rule["path"] not in document and not rule.get("optional"):
            raise KeyError(f'{rule["path"]} is not in {document}')
        return document.get(rule["path"])


consumer = {"home-assistant": HomeAssistant, "telegraf": Telegraf}[kind]()
client = mqtt.Client(client_id=kind)
client.on_connect = lambda c, _, __, ___: c.subscribe([(t, 0) for t in consumer.topics()])
client.on_subscribe = lambda *_: tell(subscribed=True)
client.on_message = lambda _, __, m: consumer.take(m.topic, m.payload.decode())
client.connect("127.0.0.1", int(port))
client.loop_start()
for line in sys.stdin:
    consumer.set(**json.loads(line))
