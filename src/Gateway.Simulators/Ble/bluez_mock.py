#!/usr/bin/python3
"""org.bluez without a radio: adapters, devices, GATT and advertisement monitors as BlueZ documents them (doc/org.bluez.*.rst),
with its types, the order of its properties and its errors, on the bus that DBUS_SYSTEM_BUS_ADDRESS names; with --own-bus on one that it starts itself.

Commands come as JSON, one per line of standard input: {"do": "adapter", "name": "hci0"}. Each is answered by one line: {"done": "adapter"} or {"error": "..."}.
Every call that somebody makes is told as a line, too: {"call": "StartDiscovery", "path": "/org/bluez/hci0"}.

  adapter   name, address, powered=true          an adapter appears
  remove-adapter  name                           it is pulled out
  power     adapter, on                          somebody else switches it
  block     adapter, on                          rfkill
  mute      adapter, until: discovery|power|ever hears nothing until discovery is started anew, until it is power-cycled, or at all; null: hears again
  advertise adapter, address, type, name, rssi, tx-power, uuids, manufacturer {"0499": hex}, service {uuid: hex}, flags
  beacon    the same, and every (ms), random-rssi   advertises again and again; every 0: no more
  forget    address                              BlueZ has not heard it for long
  lost      address                              monitors are told DeviceLost
  peripheral address, services, resolve-after (ms), passkey, drop-on-read uuid, refuse-connect, connect-after (ms)
  notify    address, uuid, value                 the characteristic's value changes
  value     address, uuid, value                 the same, connected or not
  disconnect address
  fail      call, error, text, times=1           the next calls of this method get this error
  swallow   call, times=1                        the next calls of this method get no answer
  monitors  mode: activate|late|never|release, after (ms)   what becomes of registered monitors
  release                                        BlueZ lets the active monitors go
  leave / return                                 bluetoothd ends, and starts again with what its adapters are
  state                                          answered by {"state": ...}
"""
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile

import dbus
import dbus.bus
import dbus.lowlevel
from dbus.mainloop.glib import DBusGMainLoop
from gi.repository import GLib

ADAPTER, DEVICE = "org.bluez.Adapter1", "org.bluez.Device1"
SERVICE, CHARACTERISTIC, DESCRIPTOR = "org.bluez.GattService1", "org.bluez.GattCharacteristic1", "org.bluez.GattDescriptor1"
MONITORS, MONITOR = "org.bluez.AdvertisementMonitorManager1", "org.bluez.AdvertisementMonitor1"
AGENTS, AGENT = "org.bluez.AgentManager1", "org.bluez.Agent1"
PROPERTIES, MANAGER, INTROSPECTABLE = "org.freedesktop.DBus.Properties", "org.freedesktop.DBus.ObjectManager", "org.freedesktop.DBus.Introspectable"


class Refused(Exception):
    def __init__(self, name, text):
        super().__init__(text)
        self.name = name if "." in name else "org.bluez.Error." + name
        self.text = text


NOT_READY = ("NotReady", "Resource Not Ready")
IN_PROGRESS = ("InProgress", "Operation already in progress")
UNSET = object()


def tell(**what):
    print(json.dumps(what), flush=True)


def octets(data):
    return dbus.Array([dbus.Byte(b) for b in data], signature="y")


def long_uuid(text):
    return f"0000{text.lower()}-0000-1000-8000-00805f9b34fb" if len(text) == 4 else text.lower()


class Thing:
    """An object on the bus with one interface of ours."""

    def __init__(self, world, path, interface):
        self.world, self.path, self.interface = world, path, interface
        self.extra = {}

    def properties(self):
        """Name to value, in BlueZ's order."""
        raise NotImplementedError

    def interfaces(self):
        found = {INTROSPECTABLE: {}, self.interface: self.properties(), PROPERTIES: {}}
        found.update(self.extra)
        return dbus.Dictionary({i: dbus.Dictionary(p, signature="sv") for i, p in found.items()}, signature="sa{sv}")

    def changed(self, *names):
        now = self.properties()
        values = {n: now[n] for n in names if n in now}
        gone = [n for n in names if n not in now]
        self.world.emit(self.path, PROPERTIES, "PropertiesChanged", "sa{sv}as", self.interface, dbus.Dictionary(values, signature="sv"), dbus.Array(gone, signature="s"))

    def set(self, name, value, sender):
        raise Refused("org.freedesktop.DBus.Error.PropertyReadOnly", name)


class Adapter(Thing):
    def __init__(self, world, name, address, powered):
        super().__init__(world, "/org/bluez/" + name, ADAPTER)
        self.name, self.address = name, address
        self.powered, self.blocked, self.mute = powered, False, None
        self.filters, self.sessions, self.monitors, self.devices = {}, set(), {}, {}
        self.extra = {MONITORS: dbus.Dictionary({
            "SupportedMonitorTypes": dbus.Array(["or_patterns"], signature="s"), "SupportedFeatures": dbus.Array([], signature="s")}, signature="sv")}

    def properties(self):
        state = "off-blocked" if self.blocked else "on" if self.powered else "off"
        return {
            "Address": dbus.String(self.address), "AddressType": dbus.String("public"), "Name": dbus.String("mock"), "Alias": dbus.String("mock"), "Class": dbus.UInt32(0),
            "Powered": dbus.Boolean(self.powered), "PowerState": dbus.String(state), "Discoverable": dbus.Boolean(False), "DiscoverableTimeout": dbus.UInt32(180),
            "Pairable": dbus.Boolean(False), "PairableTimeout": dbus.UInt32(0), "Discovering": dbus.Boolean(bool(self.sessions)),
            "UUIDs": dbus.Array(["00001801-0000-1000-8000-00805f9b34fb"], signature="s"), "Modalias": dbus.String("usb:v1D6Bp0246d0542"),
            "Roles": dbus.Array(["central", "peripheral"], signature="s")}

    def set(self, name, value, sender):
        if name != "Powered":
            raise Refused("org.freedesktop.DBus.Error.PropertyReadOnly", name)
        if self.blocked and value:
            raise Refused("Blocked", "Blocked through rfkill")
        self.power(bool(value))

    def power(self, on):
        if on == self.powered:
            return
        if not on:
            for device in list(self.devices.values()):
                device.disconnect()
            if self.sessions:
                self.filters.clear()
                self.stop_all()
        elif self.mute == "power":
            self.mute = None
        self.powered = on
        self.changed("Powered", "PowerState")

    def stop_all(self):
        self.sessions.clear()
        self.changed("Discovering")
        for device in self.devices.values():
            if device.rssi is not None:
                device.rssi = None
                device.changed("RSSI")

    def on_SetDiscoveryFilter(self, message, settings):
        known = {"UUIDs": "as", "RSSI": "n", "Pathloss": "q", "Transport": "s", "DuplicateData": "b", "Discoverable": "b", "Pattern": "s"}
        types = {"UUIDs": dbus.Array, "RSSI": dbus.Int16, "Pathloss": dbus.UInt16, "Transport": dbus.String, "DuplicateData": dbus.Boolean, "Discoverable": dbus.Boolean, "Pattern": dbus.String}
        if not self.powered:
            raise Refused(*NOT_READY)
        for key, value in settings.items():
            if key not in known or not isinstance(value, types[key]) or (key == "Transport" and value not in ("auto", "bredr", "le")):
                raise Refused("InvalidArguments", "Invalid arguments in method call")
        if "RSSI" in settings and "Pathloss" in settings:
            raise Refused("InvalidArguments", "Invalid arguments in method call")
        if settings:
            self.filters[message.get_sender()] = {str(k): v for k, v in settings.items()}
        else:
            self.filters.pop(message.get_sender(), None)

    def on_StartDiscovery(self, message):
        if not self.powered:
            raise Refused(*NOT_READY)
        if message.get_sender() in self.sessions:
            raise Refused(*IN_PROGRESS)
        if self.mute == "discovery" and not self.sessions:
            self.mute = None
        self.sessions.add(message.get_sender())
        if len(self.sessions) == 1:
            self.changed("Discovering")

    def on_StopDiscovery(self, message):
        if not self.powered:
            raise Refused(*NOT_READY)
        if message.get_sender() not in self.sessions:
            raise Refused("Failed", "No discovery started")
        self.end_session(message.get_sender())

    def on_GetDiscoveryFilters(self, message):
        return "as", dbus.Array(["UUIDs", "RSSI", "Pathloss", "Transport", "DuplicateData"], signature="s")

    def on_RemoveDevice(self, message, path):
        for device in self.devices.values():
            if device.path == path:
                self.remove(device)
                return
        raise Refused("DoesNotExist", "Does Not Exist")

    def on_RegisterMonitor(self, message, path):
        key = (message.get_sender(), str(path))
        if key in self.monitors:
            raise Refused("AlreadyExists", "Already Exists")
        self.monitors[key] = []
        GLib.idle_add(self.look_at_monitors, key)

    def on_UnregisterMonitor(self, message, path):
        if self.monitors.pop((message.get_sender(), str(path)), None) is None:
            raise Refused("DoesNotExist", "Does Not Exist")

    def look_at_monitors(self, key):
        self.world.ask(key[0], key[1], MANAGER, "GetManagedObjects", lambda objects: self.take_monitors(key, objects))

    def take_monitors(self, key, objects):
        for path, interfaces in objects.items():
            if MONITOR not in interfaces:
                continue
            of = interfaces[MONITOR]
            patterns = [(int(start), int(kind), bytes(content)) for start, kind, content in of.get("Patterns", [])]
            valid = of.get("Type") == "or_patterns" and patterns and all(0 < len(c) <= 31 and s + len(c) <= 31 for s, _, c in patterns)
            if not valid or self.world.monitor_mode == "release":
                self.world.send(key[0], path, MONITOR, "Release")
            elif self.world.monitor_mode == "activate":
                self.activate(key, str(path), patterns)
            elif self.world.monitor_mode == "late":
                GLib.timeout_add(self.world.monitor_after, self.activate, key, str(path), patterns)

    def activate(self, key, path, patterns):
        if key in self.monitors:
            self.monitors[key].append((path, patterns, set()))
            self.world.send(key[0], path, MONITOR, "Activate")

    def end_session(self, sender):
        self.sessions.discard(sender)
        self.filters.pop(sender, None)
        if not self.sessions:
            self.stop_all()

    def gone(self, sender):
        self.filters.pop(sender, None)
        if sender in self.sessions:
            self.end_session(sender)
        for key in [k for k in self.monitors if k[0] == sender]:
            del self.monitors[key]

    def remove(self, device):
        device.disconnect()
        del self.devices[device.address]
        self.world.remove(device)

    def heard(self, report):
        """One advertisement reaches the antenna."""
        if not self.powered or self.mute is not None:
            return
        matching = [m for found in self.monitors.values() for m in found if any(matches(p, report) for p in m[1])]
        wanting = [s for s in self.sessions if passes(self.filters.get(s), report)]
        if not matching and not wanting:
            return
        address = report["address"]
        device = self.devices.get(address)
        if device is None:
            device = self.devices[address] = Device(self.world, self, address, report.get("type", "public"))
            device.take(report, True)
            self.world.add(device)
        else:
            device.take(report, any(self.filters.get(s, {}).get("DuplicateData") for s in wanting))
        for key, found in self.monitors.items():
            for path, _, seen in found:
                if any(path == m[0] for m in matching) and device.path not in seen:
                    seen.add(device.path)
                    self.world.send(key[0], path, MONITOR, "DeviceFound", "o", dbus.ObjectPath(device.path))


def passes(settings, report):
    if not settings:
        return True
    if settings.get("Transport") == "bredr" or ("RSSI" in settings and report.get("rssi", -127) < settings["RSSI"]):
        return False
    return not settings.get("UUIDs") or bool({long_uuid(u) for u in report.get("uuids", [])} & {long_uuid(str(u)) for u in settings["UUIDs"]})


def structures(report):
    """The advertisement's own bytes: (AD type, data)."""
    yield 0x01, bytes([report.get("flags", 6)])
    for company, data in report.get("manufacturer", {}).items():
        yield 0xFF, int(company, 16).to_bytes(2, "little") + bytes.fromhex(data)
    for uuid, data in report.get("service", {}).items():
        short = long_uuid(uuid)
        if short.endswith("-0000-1000-8000-00805f9b34fb"):
            yield 0x16, int(short[4:8], 16).to_bytes(2, "little") + bytes.fromhex(data)
        else:
            yield 0x21, bytes.fromhex(short.replace("-", ""))[::-1] + bytes.fromhex(data)
    for uuid in report.get("uuids", []):
        yield 0x03, int(long_uuid(uuid)[4:8], 16).to_bytes(2, "little")
    if report.get("name"):
        yield 0x09, report["name"].encode()


def matches(pattern, report):
    start, kind, content = pattern
    return any(k == kind and data[start:start + len(content)] == content for k, data in structures(report))


class Device(Thing):
    def __init__(self, world, adapter, address, kind):
        super().__init__(world, f"{adapter.path}/dev_{address.replace(':', '_')}", DEVICE)
        self.adapter, self.address, self.kind = adapter, address, kind
        self.name = self.rssi = self.tx_power = None
        self.uuids, self.manufacturer, self.service = [], {}, {}
        self.connected = self.resolved = self.paired = False
        self.connecting, self.gatt = None, []

    def properties(self):
        found = {"Address": dbus.String(self.address), "AddressType": dbus.String(self.kind)}
        if self.name:
            found["Name"] = dbus.String(self.name)
        found["Alias"] = dbus.String(self.name or self.address.replace(":", "-"))
        for name in ("Paired", "Bonded"):
            found[name] = dbus.Boolean(self.paired)
        for name in ("Trusted", "Blocked", "LegacyPairing"):
            found[name] = dbus.Boolean(False)
        if self.rssi is not None:
            found["RSSI"] = dbus.Int16(self.rssi)
        found["Connected"] = dbus.Boolean(self.connected)
        found["UUIDs"] = dbus.Array(self.uuids, signature="s")
        found["Adapter"] = dbus.ObjectPath(self.adapter.path)
        if self.manufacturer:
            found["ManufacturerData"] = dbus.Dictionary({dbus.UInt16(c): octets(d) for c, d in self.manufacturer.items()}, signature="qv")
        if self.service:
            found["ServiceData"] = dbus.Dictionary({u: octets(d) for u, d in self.service.items()}, signature="sv")
        if self.tx_power is not None:
            found["TxPower"] = dbus.Int16(self.tx_power)
        found["ServicesResolved"] = dbus.Boolean(self.resolved)
        return found

    def take(self, report, duplicates):
        """What is in this report and new, or all that is in it if duplicates are wanted. Data of other kinds stays in the object, as in BlueZ."""
        told = []
        rssi = report.get("rssi", -60)
        if self.rssi is None or duplicates or abs(self.rssi - rssi) >= 8:
            self.rssi = rssi
            told.append("RSSI")
        if report.get("tx-power") is not None and report["tx-power"] != self.tx_power:
            self.tx_power = report["tx-power"]
            told.append("TxPower")
        if report.get("name") and report["name"] != self.name:
            self.name = report["name"]
            told += ["Name", "Alias"]
        uuids = [u for u in map(long_uuid, report.get("uuids", [])) if u not in self.uuids]
        if uuids:
            self.uuids += uuids
            told.append("UUIDs")
        for name, mine, theirs in (
                ("ManufacturerData", self.manufacturer, {int(c, 16): bytes.fromhex(d) for c, d in report.get("manufacturer", {}).items()}),
                ("ServiceData", self.service, {long_uuid(u): bytes.fromhex(d) for u, d in report.get("service", {}).items()})):
            if theirs and (duplicates or any(mine.get(k) != v for k, v in theirs.items())):
                mine.update(theirs)
                told.append(name)
        if told and self.path in self.world.things:
            self.changed(*told)

    def peripheral(self):
        return self.world.peripherals.get(self.address, {})

    def on_Connect(self, message):
        if not self.adapter.powered:
            raise Refused(*NOT_READY)
        if self.connecting:
            raise Refused(*IN_PROGRESS)
        if self.connected:
            return None
        of = self.peripheral()
        self.connecting = message
        GLib.timeout_add(of.get("connect-after", 1), self.connect, of)
        return UNSET

    def connect(self, of):
        message, self.connecting = self.connecting, None
        if message is None:
            return
        if not of or of.get("refuse-connect"):
            self.world.refuse(message, Refused("Failed", "le-connection-abort-by-local"))
            return
        self.connected = True
        self.changed("Connected")
        self.world.reply(message)
        GLib.timeout_add(of.get("resolve-after", 1), self.resolve, of)

    def resolve(self, of):
        if not self.connected or self.resolved:
            return
        handle = 0x10
        for service in of.get("services", []):
            added = Service(self.world, self, f"{self.path}/service{handle:04x}", long_uuid(service["uuid"]))
            self.show(added)
            for characteristic in service.get("characteristics", []):
                handle += 1
                value = Characteristic(self.world, self, f"{added.path}/char{handle:04x}", added, characteristic)
                self.show(value)
                for descriptor in characteristic.get("descriptors", []):
                    handle += 1
                    self.show(Descriptor(self.world, f"{value.path}/desc{handle:04x}", value, descriptor))
            handle += 0x10
        self.resolved = True
        self.changed("ServicesResolved")

    def show(self, thing):
        self.gatt.append(thing)
        self.world.add(thing)

    def on_Disconnect(self, message):
        if not self.connected and not self.connecting:
            raise Refused("NotConnected", "Not Connected")
        self.disconnect()

    def on_Pair(self, message):
        if self.paired:
            raise Refused("AlreadyExists", "Already Exists")
        wanted = self.peripheral().get("passkey")

        def answered(passkey):
            if int(passkey) == wanted:
                self.paired = True
                self.changed("Paired", "Bonded")
                self.world.reply(message)
            else:
                self.world.refuse(message, Refused("AuthenticationFailed", "Authentication Failed"))

        if self.world.agent is None:
            raise Refused("AuthenticationFailed", "Authentication Failed")
        owner, path = self.world.agent
        self.world.ask(owner, path, AGENT, "RequestPasskey", answered, lambda: self.world.refuse(message, Refused("AuthenticationRejected", "Authentication Rejected")), "o", dbus.ObjectPath(self.path))
        return UNSET

    def on_CancelPairing(self, message):
        raise Refused("DoesNotExist", "Does Not Exist")

    def disconnect(self):
        if self.connecting:
            message, self.connecting = self.connecting, None
            self.world.refuse(message, Refused("Failed", "le-connection-abort-by-local"))
        if not self.connected:
            return
        for thing in self.gatt:
            if isinstance(thing, Characteristic):
                thing.dropped()
        self.connected = False
        if self.resolved:
            self.resolved = False
            self.changed("ServicesResolved")
        self.changed("Connected")
        for thing in reversed(self.gatt):
            self.world.remove(thing)
        self.gatt = []


class Service(Thing):
    def __init__(self, world, device, path, uuid):
        super().__init__(world, path, SERVICE)
        self.device, self.uuid = device, uuid

    def properties(self):
        return {"UUID": dbus.String(self.uuid), "Device": dbus.ObjectPath(self.device.path), "Primary": dbus.Boolean(True), "Includes": dbus.Array([], signature="o")}


class Characteristic(Thing):
    def __init__(self, world, device, path, service, of):
        super().__init__(world, path, CHARACTERISTIC)
        self.device, self.service, self.of = device, service, of
        self.uuid = long_uuid(of["uuid"])
        self.notifying, self.reading = set(), None

    @property
    def value(self):
        return bytes.fromhex(self.of.get("value", ""))

    def properties(self):
        found = {
            "UUID": dbus.String(self.uuid), "Service": dbus.ObjectPath(self.service.path), "Value": octets(self.value),
            "Flags": dbus.Array(self.of.get("flags", ["read"]), signature="s"), "MTU": dbus.UInt16(247)}
        if {"notify", "indicate"} & set(self.of.get("flags", [])):
            found["Notifying"] = dbus.Boolean(bool(self.notifying))
        return found

    def check(self, *flags):
        if not self.device.connected:
            raise Refused("Failed", "Not connected")
        if not set(flags) & set(self.of.get("flags", ["read"])):
            raise Refused("NotSupported" if "notify" in flags else "NotPermitted", "Operation is not supported" if "notify" in flags else f"{flags[0].capitalize()} not permitted")
        if self.of.get("secure") and not self.device.paired:
            raise Refused("NotAuthorized", "Operation Not Authorized")

    def on_ReadValue(self, message, options):
        self.check("read", "encrypt-read")
        if self.reading:
            raise Refused(*IN_PROGRESS)
        if long_uuid(self.device.peripheral().get("drop-on-read", "")) == self.uuid:
            self.reading = message
            GLib.idle_add(self.device.disconnect)
            return UNSET
        after = self.of.get("read-after", 0)
        if after:
            self.reading = message
            GLib.timeout_add(after, self.answer)
            return UNSET
        self.changed("Value")
        return "ay", octets(self.value[int(options.get("offset", 0)):])

    def answer(self):
        message, self.reading = self.reading, None
        if message is not None:
            self.changed("Value")
            self.world.reply(message, "ay", octets(self.value))

    def dropped(self):
        message, self.reading = self.reading, None
        self.notifying.clear()
        if message is not None:
            self.world.refuse(message, Refused("Failed", "Not connected"))

    def on_WriteValue(self, message, value, options):
        self.check("write", "write-without-response", "encrypt-write")
        if self.of.get("longest") is not None and len(value) > self.of["longest"]:
            raise Refused("InvalidValueLength", "Invalid Length")
        if not self.of.get("ignores-writes"):
            self.of["value"] = bytes(value).hex()

    def on_StartNotify(self, message):
        self.check("notify", "indicate")
        if message.get_sender() in self.notifying:
            raise Refused(*IN_PROGRESS)
        self.notifying.add(message.get_sender())
        if len(self.notifying) == 1:
            self.changed("Notifying")

    def on_StopNotify(self, message):
        if message.get_sender() not in self.notifying:
            raise Refused("Failed", "No notify session started")
        self.notifying.discard(message.get_sender())
        if not self.notifying:
            self.changed("Notifying")

    def notify(self, value):
        self.of["value"] = value
        if self.notifying:
            self.changed("Value")


class Descriptor(Thing):
    def __init__(self, world, path, characteristic, of):
        super().__init__(world, path, DESCRIPTOR)
        self.characteristic, self.of = characteristic, of

    def properties(self):
        return {"UUID": dbus.String(long_uuid(self.of["uuid"])), "Characteristic": dbus.ObjectPath(self.characteristic.path), "Value": octets(bytes.fromhex(self.of.get("value", "")))}

    def on_ReadValue(self, message, options):
        if not self.characteristic.device.connected:
            raise Refused("Failed", "Not connected")
        return "ay", octets(bytes.fromhex(self.of.get("value", "")))


class Root(Thing):
    """/org/bluez, where agents register."""

    def __init__(self, world):
        super().__init__(world, "/org/bluez", AGENTS)

    def properties(self):
        return {}

    def on_RegisterAgent(self, message, path, capability):
        if self.world.agent is not None:
            raise Refused("AlreadyExists", "Already Exists")
        if capability not in ("", "DisplayOnly", "DisplayYesNo", "KeyboardOnly", "NoInputNoOutput", "KeyboardDisplay"):
            raise Refused("InvalidArguments", "Invalid arguments in method call")
        self.world.agent = (message.get_sender(), str(path))

    def on_RequestDefaultAgent(self, message, path):
        if self.world.agent != (message.get_sender(), str(path)):
            raise Refused("DoesNotExist", "Does Not Exist")

    def on_UnregisterAgent(self, message, path):
        if self.world.agent != (message.get_sender(), str(path)):
            raise Refused("DoesNotExist", "Does Not Exist")
        self.world.agent = None


class World:
    def __init__(self, address):
        self.address = address
        self.things, self.adapters, self.peripherals = {}, {}, {}
        self.failures, self.swallowed, self.agent = {}, {}, None
        self.monitor_mode, self.monitor_after = "activate", 0
        self.beacons, self.calls, self.bus = {}, [], None
        self.quiet = False
        self.come()

    # The bus.
    def come(self):
        self.bus = dbus.bus.BusConnection(self.address)
        self.bus.set_exit_on_disconnect(False)
        self.bus.add_message_filter(self.take)
        self.bus.add_match_string("type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged'")
        self.things["/org/bluez"] = Root(self)
        self.bus.request_name("org.bluez", dbus.bus.NAME_FLAG_DO_NOT_QUEUE)

    def go(self):
        self.bus.close()
        self.bus, self.agent = None, None
        self.things.clear()
        for adapter in self.adapters.values():
            adapter.devices.clear()
            adapter.sessions.clear()
            adapter.filters.clear()
            adapter.monitors.clear()

    def emit(self, path, interface, member, signature, *values):
        if self.bus is not None:
            message = dbus.lowlevel.SignalMessage(path, interface, member)
            message.append(*values, signature=signature)
            self.bus.send_message(message)

    def add(self, thing):
        self.things[thing.path] = thing
        self.emit("/", MANAGER, "InterfacesAdded", "oa{sa{sv}}", dbus.ObjectPath(thing.path), thing.interfaces())

    def remove(self, thing):
        if self.things.pop(thing.path, None) is not None:
            gone = [PROPERTIES, INTROSPECTABLE, thing.interface, *thing.extra]
            self.emit("/", MANAGER, "InterfacesRemoved", "oas", dbus.ObjectPath(thing.path), dbus.Array(gone, signature="s"))

    def reply(self, message, signature=None, *values):
        if self.bus is not None and not message.get_no_reply():
            answer = dbus.lowlevel.MethodReturnMessage(message)
            if signature:
                answer.append(*values, signature=signature)
            self.bus.send_message(answer)

    def refuse(self, message, refused):
        if self.bus is not None:
            self.bus.send_message(dbus.lowlevel.ErrorMessage(message, refused.name, refused.text))

    def send(self, to, path, interface, member, signature=None, *values):
        message = dbus.lowlevel.MethodCallMessage(to, str(path), interface, member)
        message.set_no_reply(True)
        if signature:
            message.append(*values, signature=signature)
        self.bus.send_message(message)

    def ask(self, to, path, interface, member, answered, failed=None, signature=None, *values):
        message = dbus.lowlevel.MethodCallMessage(to, path, interface, member)
        if signature:
            message.append(*values, signature=signature)

        def take(reply):
            if isinstance(reply, dbus.lowlevel.ErrorMessage):
                tell(refused=member, by=to, error=reply.get_error_name())
                if failed:
                    failed()
            else:
                answered(*reply.get_args_list())

        self.bus.send_message_with_reply(message, take, timeout_s=10)

    def take(self, bus, message):
        if isinstance(message, dbus.lowlevel.SignalMessage):
            if message.get_member() == "NameOwnerChanged" and message.get_sender() == "org.freedesktop.DBus":
                name, _, new = message.get_args_list()
                if name.startswith(":") and not new:
                    for adapter in self.adapters.values():
                        adapter.gone(name)
                    if self.agent and self.agent[0] == name:
                        self.agent = None
            return dbus.lowlevel.HANDLER_RESULT_NOT_YET_HANDLED
        if not isinstance(message, dbus.lowlevel.MethodCallMessage):
            return dbus.lowlevel.HANDLER_RESULT_NOT_YET_HANDLED
        try:
            result = self.carry(message)
            if result is not UNSET:
                self.reply(message, *(result or ()))
        except Refused as refused:
            self.refuse(message, refused)
        return dbus.lowlevel.HANDLER_RESULT_HANDLED

    def carry(self, message):
        path, interface, member, arguments = message.get_path(), message.get_interface(), message.get_member(), message.get_args_list()
        if interface == MANAGER and member == "GetManagedObjects" and path == "/":
            return "a{oa{sa{sv}}}", dbus.Dictionary({dbus.ObjectPath(t.path): t.interfaces() for t in self.things.values()}, signature="oa{sa{sv}}")
        thing = self.things.get(path)
        if thing is None:
            raise Refused("org.freedesktop.DBus.Error.UnknownObject", f"Method \"{member}\" with signature \"{message.get_signature()}\" on interface \"{interface}\" doesn't exist")
        name = f"Set{arguments[1]}" if interface == PROPERTIES and member == "Set" else member
        if not self.quiet:
            tell(call=name, path=path)
        self.calls.append(name)
        if self.failures.get(name):
            raise self.failures[name].pop(0)
        if self.swallowed.get(name, 0) > 0:
            self.swallowed[name] -= 1
            return UNSET
        if interface == PROPERTIES:
            known = thing.properties()
            if member == "GetAll":
                return "a{sv}", dbus.Dictionary(known, signature="sv")
            if member == "Get" and arguments[1] in known:
                return "v", known[arguments[1]]
            if member == "Set":
                thing.set(str(arguments[1]), arguments[2], message.get_sender())
                return None
            raise Refused("org.freedesktop.DBus.Error.InvalidArgs", f"No such property '{arguments[1]}'")
        method = getattr(thing, "on_" + member, None)
        if method is None or interface not in (None, thing.interface, *thing.extra):
            raise Refused("org.freedesktop.DBus.Error.UnknownMethod", f"Method \"{member}\" with signature \"{message.get_signature()}\" on interface \"{interface}\" doesn't exist")
        return method(message, *arguments)

    # The commands.
    def device(self, address):
        for adapter in self.adapters.values():
            if address in adapter.devices:
                return adapter.devices[address]
        raise ValueError(f"no device {address}")

    def do_adapter(self, name="hci0", address="00:1A:7D:DA:71:13", powered=True):
        self.adapters[name] = Adapter(self, name, address, powered)
        if self.bus is not None:
            self.add(self.adapters[name])

    def do_remove_adapter(self, name="hci0"):
        adapter = self.adapters.pop(name)
        for device in list(adapter.devices.values()):
            adapter.remove(device)
        self.remove(adapter)

    def do_power(self, adapter="hci0", on=True):
        self.adapters[adapter].power(on)

    def do_block(self, adapter="hci0", on=True):
        self.adapters[adapter].blocked = on
        if on:
            self.adapters[adapter].power(False)
        self.adapters[adapter].changed("PowerState")

    def do_mute(self, adapter="hci0", until=None):
        self.adapters[adapter].mute = until

    def do_advertise(self, adapter="hci0", **report):
        if self.bus is not None and adapter in self.adapters:
            self.adapters[adapter].heard(report)

    def do_beacon(self, every=1000, count=1, **report):
        """With count: so many devices, whose addresses follow each other."""
        base = int(report["address"].replace(":", ""), 16)
        for i in range(count):
            digits = f"{base + i:012X}"
            address = ":".join(digits[n:n + 2] for n in range(0, 12, 2))
            self.beacons[address] = every
            if every:
                GLib.timeout_add(random.randrange(every) + 1 if count > 1 else 1, self.beat, every, {**report, "address": address}, True)

    def beat(self, every, report, first):
        if self.beacons.get(report["address"]) != every:
            return False
        self.do_advertise(**report)
        if first:
            GLib.timeout_add(every, self.beat, every, report, False)
        return not first

    def do_forget(self, address):
        device = self.device(address)
        device.adapter.remove(device)

    def do_lost(self, address):
        device = self.device(address)
        for key, found in device.adapter.monitors.items():
            for path, _, seen in found:
                if device.path in seen:
                    seen.discard(device.path)
                    self.send(key[0], path, MONITOR, "DeviceLost", "o", dbus.ObjectPath(device.path))

    def do_release(self):
        for adapter in self.adapters.values():
            for key, found in adapter.monitors.items():
                for path, _, _ in found:
                    self.send(key[0], path, MONITOR, "Release")
            adapter.monitors.clear()

    def do_peripheral(self, address, **of):
        self.peripherals[address] = of

    def do_notify(self, address, uuid, value):
        for thing in self.device(address).gatt:
            if isinstance(thing, Characteristic) and thing.uuid == long_uuid(uuid):
                thing.notify(value)
                return
        raise ValueError(f"no characteristic {uuid}")

    def do_value(self, address, uuid, value):
        for service in self.peripherals.get(address, {}).get("services", []):
            for characteristic in service["characteristics"]:
                if long_uuid(characteristic["uuid"]) == long_uuid(uuid):
                    characteristic["value"] = value
        for adapter in self.adapters.values():
            if address in adapter.devices and adapter.devices[address].connected:
                self.do_notify(address, uuid, value)

    def do_disconnect(self, address):
        self.device(address).disconnect()

    def do_fail(self, call, error, text="", times=1):
        self.failures.setdefault(call, []).extend([Refused(error, text)] * times)

    def do_swallow(self, call, times=1):
        self.swallowed[call] = times

    def do_monitors(self, mode="activate", after=0):
        self.monitor_mode, self.monitor_after = mode, after

    def do_quiet(self, on=True):
        self.quiet = on

    def do_leave(self):
        self.go()

    def do_return(self):
        self.come()
        for adapter in self.adapters.values():
            self.add(adapter)

    def do_state(self):
        tell(state={a.name: {
            "powered": a.powered, "discovering": bool(a.sessions), "monitors": sum(len(m) for m in a.monitors.values()), "devices": sorted(a.devices),
            "filters": [{k: bool(v) if isinstance(v, dbus.Boolean) else v for k, v in f.items() if isinstance(v, (str, int))} for f in a.filters.values()],
            "connected": sorted(d.address for d in a.devices.values() if d.connected)} for a in self.adapters.values()})

    def command(self, line):
        try:
            arguments = json.loads(line)
            what = arguments.pop("do")
            getattr(self, "do_" + what.replace("-", "_"))(**arguments)
            tell(done=what)
        except Exception as e:  # a mistake of the test, which reads this line
            tell(error=f"{line.strip()}: {e!r}")


class OwnBus:
    """A dbus-daemon with the rules of a system bus, for as long as this program runs."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="edge-gateway-bus-")
        path = os.path.join(self.folder, "bus.conf")
        with open(path, "w") as file:
            file.write("""<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>system</type><listen>unix:path=%s/bus</listen><auth>EXTERNAL</auth><policy context="default">
<allow own="*"/><allow user="*"/><allow send_destination="*"/><allow receive_sender="*"/><allow send_type="method_call"/></policy></busconfig>""" % self.folder)
        self.daemon = subprocess.Popen(
            ["dbus-daemon", "--config-file=" + path, "--nofork", "--nopidfile", "--print-address"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True)
        self.address = self.daemon.stdout.readline().decode().strip()

    def end(self):
        self.daemon.terminate()
        self.daemon.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def main():
    DBusGMainLoop(set_as_default=True)
    loop = GLib.MainLoop()
    own = OwnBus() if "--own-bus" in sys.argv[1:] else None
    # The end is the end of standard input; Ctrl+C, SIGTERM and a closed terminal are meant for the program that started this one, also where they reach its whole group.
    for meant_for_others in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(meant_for_others, signal.SIG_IGN)
    address = own.address if own else os.environ["DBUS_SYSTEM_BUS_ADDRESS"]
    world = World(address)
    rest = [b""]

    def read(_, condition):
        data = os.read(0, 65536)
        if not data:
            loop.quit()
            return False
        *lines, rest[0] = (rest[0] + data).split(b"\n")
        for line in lines:
            world.command(line.decode())
        return True

    GLib.io_add_watch(0, GLib.IO_IN | GLib.IO_HUP, read)
    tell(ready=True, bus=address)
    try:
        loop.run()
    finally:
        if own:
            own.end()


main()
