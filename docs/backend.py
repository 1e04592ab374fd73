#!/usr/bin/env python3
"""A backend that can prove that nothing is missing: docs/backends.md with paho and SQLite, as short as it can be.

    backend.py take DATABASE HOST PORT [USER PASSWORD]     takes messages until it is stopped; started again, it goes on
    backend.py report DATABASE                             one JSON line for each gateway, stream and epoch
"""
import json
import sqlite3
import sys

import paho.mqtt.client as mqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

MOST_RANGES = 1000  # Holes at a time; beyond, the lowest is given up.

SCHEMA = """
CREATE TABLE IF NOT EXISTS streams (id INTEGER PRIMARY KEY, gateway, stream, epoch, start, mark, oldest DEFAULT 1, next DEFAULT 1, missing DEFAULT '[]', UNIQUE (gateway, stream, epoch));
CREATE TABLE IF NOT EXISTS known (id, first, last);               -- above the mark: received, or told as a gap
CREATE TABLE IF NOT EXISTS gaps (id, first, last, reason);
CREATE TABLE IF NOT EXISTS messages (id, seq, topic, payload);    -- stands for whatever a backend does with them
CREATE INDEX IF NOT EXISTS messages_of_stream ON messages (id, seq);
"""


def holes(ranges, first, last):
    """What of first..last lies in none of the sorted ranges."""
    for a, b in ranges:
        if a > first and first <= last:
            yield [first, min(a - 1, last)]
        first = max(first, b + 1)
    if first <= last:
        yield [first, last]


class Stream:
    """The books of one (gateway, stream, epoch)."""

    def __init__(self, db, gateway, stream, epoch):
        self.db = db
        db.execute("INSERT OR IGNORE INTO streams (gateway, stream, epoch) VALUES (?, ?, ?)", (gateway, stream, epoch))
        self.id, self.start, self.mark, self.oldest = db.execute(
            "SELECT id, start, mark, oldest FROM streams WHERE gateway = ? AND stream = ? AND epoch = ?", (gateway, stream, epoch)).fetchone()

    def begin(self, number):
        """Rule 7: what came before it is not judged."""
        if self.start is None:
            self.start, self.mark = number, number - 1
            self.save()

    def take(self, seq, topic, payload):
        """Rule 3: once, in whatever order."""
        self.begin(seq)
        if seq < self.start:  # From before we joined: whether it is the first time nobody knows.
            self.db.execute("INSERT INTO messages VALUES (?, ?, ?, ?)", (self.id, seq, topic, payload))
            return
        here = seq <= self.mark or self.db.execute("SELECT 1 FROM known WHERE id = ? AND ? BETWEEN first AND last", (self.id, seq)).fetchone()
        if here:
            # Told as dropped and not here yet: it is welcome all the same (rule 4).
            told = self.db.execute("SELECT 1 FROM gaps WHERE id = ? AND ? BETWEEN first AND last", (self.id, seq)).fetchone()
            if not told or self.db.execute("SELECT 1 FROM messages WHERE id = ? AND seq = ?", (self.id, seq)).fetchone():
                return
        self.db.execute("INSERT INTO messages VALUES (?, ?, ?, ?)", (self.id, seq, topic, payload))
        self.join(seq, seq)

    def drop(self, first, last, reason):
        """Rule 4: what the gateway says will never come."""
        self.db.execute("INSERT INTO gaps VALUES (?, ?, ?, ?)", (self.id, first, last, reason))
        self.begin(last + 1)
        self.join(first, last)

    def join(self, first, last):
        ranges = self.known() + [(max(first, self.mark + 1), last)]
        merged = []
        for a, b in sorted(r for r in ranges if r[0] <= r[1]):
            if merged and a <= merged[-1][1] + 1:
                merged[-1][1] = max(merged[-1][1], b)
            else:
                merged.append([a, b])
        if len(merged) > MOST_RANGES:  # Rule 8.
            self.db.execute("INSERT INTO gaps VALUES (?, ?, ?, 'given-up')", (self.id, self.mark + 1, merged[0][0] - 1))
            self.mark = merged[0][0] - 1
        if merged and merged[0][0] == self.mark + 1:
            self.mark = merged.pop(0)[1]
        self.db.execute("DELETE FROM known WHERE id = ?", (self.id,))
        self.db.executemany("INSERT INTO known VALUES (?, ?, ?)", [(self.id, a, b) for a, b in merged])
        self.save()

    def compare(self, oldest, next_):
        """Rule 5. What is missing by two ledgers, a minute apart, is missing: a gap may come shortly after the first."""
        before = json.loads(self.db.execute("SELECT missing FROM streams WHERE id = ?", (self.id,)).fetchone()[0])
        self.oldest = max(self.oldest, oldest)
        missing = self.missing()
        self.db.execute("UPDATE streams SET oldest = ?, next = max(next, ?), missing = ? WHERE id = ?", (self.oldest, next_, json.dumps(missing), self.id))
        if any(hole in before for hole in missing):
            print(json.dumps({"alarm": "missing", "stream": self.name(), "ranges": missing}), flush=True)

    def missing(self):
        return [] if self.mark is None else list(holes(self.known(), self.mark + 1, self.oldest - 1))

    def known(self):
        return self.db.execute("SELECT first, last FROM known WHERE id = ? ORDER BY first", (self.id,)).fetchall()

    def name(self):
        return self.db.execute("SELECT gateway || ' ' || stream || ' ' || epoch FROM streams WHERE id = ?", (self.id,)).fetchone()[0]

    def save(self):
        self.db.execute("UPDATE streams SET start = ?, mark = ? WHERE id = ?", (self.start, self.mark, self.id))


def identity(m, name="gw"):
    """Rule 2: the user property, or the key of a JSON payload."""
    for key, value in getattr(m.properties, "UserProperty", []):
        if key == name:
            return value.split(";")
    try:
        value = json.loads(m.payload).get(name)
        return value.split(";") if isinstance(value, str) else None
    except (ValueError, AttributeError):
        return None


def on_message(client, db, m):
    try:
        handle(db, m)
    except (ValueError, KeyError, TypeError, AttributeError) as e:  # Anybody may have published it.
        print(json.dumps({"alarm": "malformed", "topic": m.topic, "error": repr(e)}), flush=True)


def handle(db, m):
    levels = m.topic.split("/")
    with db:  # One transaction: with it, paho's acknowledgement follows (rule 1).
        gw = identity(m)
        if gw and len(gw) >= 4:
            stream = Stream(db, *gw[:3])
            if len(gw) > 4 and Stream(db, *gw[:2], gw[4]).start is not None:
                stream.begin(1)
            stream.take(int(gw[3]), m.topic, m.payload)
        elif levels[-3:-2] == ["gateways"] and levels[-1] == "gaps":
            gap = json.loads(m.payload)
            Stream(db, levels[-2], gap["stream"], gap["epoch"]).drop(gap["from"], gap["to"], gap["reason"])
        elif levels[-4:-3] == ["gateways"] and levels[-2] == "streams":
            ledger = json.loads(m.payload)
            followed = False
            for books in [*reversed(ledger.get("previous", [])), ledger]:  # Rule 6: oldest first.
                stream = Stream(db, levels[-3], levels[-1], books["epoch"])
                if followed:
                    stream.begin(1)
                elif books is ledger and not m.retain:  # Published while we listen: what gets its number from now on comes by here.
                    stream.begin(books["next"])
                stream.compare(books["oldest"], books["next"])
                followed = stream.start is not None


def on_connect(client, db, flags, reason, properties=None):
    print(json.dumps({"event": "connected", "session": flags["session present"], "reason": str(reason)}), flush=True)
    if not flags["session present"]:  # A subscription that is repeated brings old ledgers again.
        client.subscribe("#", qos=1)


def take(db, host, port, user=None, password=None):
    version = [mqtt.CallbackAPIVersion.VERSION1] if hasattr(mqtt, "CallbackAPIVersion") else []
    client = mqtt.Client(*version, client_id="example-backend", userdata=db, protocol=mqtt.MQTTv5)
    client.username_pw_set(user, password) if user else None
    client.on_message = on_message
    client.on_connect = on_connect
    client.on_subscribe = lambda *_: print('{"event": "subscribed"}', flush=True)
    connect = Properties(PacketTypes.CONNECT)
    connect.SessionExpiryInterval = 7 * 24 * 3600  # Rule 1: so long the broker keeps what comes while we are away.
    client.reconnect_delay_set(1, 30)
    client.connect(host, int(port), clean_start=False, properties=connect)
    client.loop_forever()


def report(db):
    for (name,) in db.execute("SELECT gateway || ';' || stream || ';' || epoch FROM streams ORDER BY gateway, stream, id").fetchall():
        stream = Stream(db, *name.split(";"))
        open_, = db.execute("SELECT next - oldest FROM streams WHERE id = ?", (stream.id,)).fetchone()
        received, = db.execute("SELECT count(*) FROM messages WHERE id = ?", (stream.id,)).fetchone()
        gaps = db.execute("SELECT DISTINCT first, last, reason FROM gaps WHERE id = ? ORDER BY first", (stream.id,)).fetchall()
        print(json.dumps({"stream": stream.name(), "from": stream.start, "mark": stream.mark, "received": received, "gaps": gaps, "missing": stream.missing(), "open": open_}))


if __name__ == "__main__":
    if len(sys.argv) < 3 or sys.argv[1] not in ("take", "report"):
        sys.exit(__doc__)
    database = sqlite3.connect(sys.argv[2])
    database.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;" + SCHEMA)
    (take if sys.argv[1] == "take" else report)(database, *sys.argv[3:])
