"""A Modbus server on pymodbus that holds every type in every order: input registers from 1000 to be read, holding registers from 2000 to be written, parts of
input register 1400 and holding register 2400, coil 5 and discrete 7 on, coils 20 and 21 to be written. Argument: tcp (the default), rtu or ascii (over TCP), udp,
tls with a certificate and a key, a path (RTU on that serial line), or ascii and a path. Prints its port; a line on standard input makes it print what was written."""
import asyncio
import socket
import struct
import sys
import threading

from pymodbus.datastore import ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext
from pymodbus.device import ModbusDeviceIdentification
from pymodbus.server import StartSerialServer, StartTcpServer, StartUdpServer
from pymodbus.server.async_io import ModbusTlsServer
from pymodbus.transaction import ModbusAsciiFramer, ModbusRtuFramer, ModbusSocketFramer

TYPES = [
    ("int16", "h", -1234), ("uint16", "H", 54321), ("int32", "i", -123456789), ("uint32", "I", 3456789012),
    ("int64", "q", -1234567890123456789), ("uint64", "Q", 12345678901234567890), ("float32", "f", 231.4), ("float64", "d", -2.718281828459045),
]
MORE = [("float16", 0.1), ("bcd16", 9012), ("bcd32", 12345678), ("string", "Z\u00e4hl 12"), ("bytes", "00ff10a0deadbeef")]
PAIRS = ["EFGHABCD", "CDABGHEF", "FEHGBADC", "DCBAHGFE"]  # further orders of 64 bits
PARTS = 0xA5C3
ORDERS = {
    "ABCD": {2: "AB", 4: "ABCD", 8: "ABCDEFGH"}, "CDAB": {2: "AB", 4: "CDAB", 8: "GHEFCDAB"},
    "BADC": {2: "BA", 4: "BADC", 8: "BADCFEHG"}, "DCBA": {2: "BA", 4: "DCBA", 8: "HGFEDCBA"},
}


def shuffle(data, order):
    letters = ORDERS[order][len(data)] if order in ORDERS else order
    return bytes(data["ABCDEFGH".index(letter)] for letter in letters)


def encode(name, value):
    if name == "float16":
        return struct.pack(">e", value)
    if name in ("bcd16", "bcd32"):
        return bytes.fromhex(str(value).zfill(4 if name == "bcd16" else 8))
    return value.encode().ljust(8, b"\0") if name == "string" else bytes.fromhex(value)


def decode(name, data):
    if name == "float16":
        return repr(struct.unpack(">e", data)[0])
    if name in ("bcd16", "bcd32"):
        return str(int(data.hex()))
    return data.rstrip(b"\0").decode() if name == "string" else data.hex()


def more_places():
    for t, (name, value) in enumerate(MORE):
        for o, order in enumerate(ORDERS):
            yield f"{name}-{order}", name, value, order, 200 + t * 16 + o * 4


def places():
    for t, (name, code, value) in enumerate(TYPES):
        for o, order in enumerate(ORDERS):
            yield f"{name}-{order}", code, value, order, t * 16 + o * 4
    for t, (name, code, value) in enumerate([TYPES[4], TYPES[5], TYPES[7]]):
        for o, order in enumerate(PAIRS):
            yield f"{name}-{order}", code, value, order, 300 + t * 16 + o * 4


slave = ModbusSlaveContext(
    co=ModbusSequentialDataBlock(0, [0] * 3000), di=ModbusSequentialDataBlock(0, [0] * 3000),
    ir=ModbusSequentialDataBlock(0, [0] * 3000), hr=ModbusSequentialDataBlock(0, [0] * 3000), zero_mode=True)
slave.setValues(1, 5, [1])
slave.setValues(2, 7, [1])
for _, code, value, order, offset in places():
    data = shuffle(struct.pack(">" + code, value), order)
    slave.setValues(4, 1000 + offset, list(struct.unpack(f">{len(data) // 2}H", data)))
for _, name, value, order, offset in more_places():
    data = shuffle(encode(name, value), order)
    slave.setValues(4, 1000 + offset, list(struct.unpack(f">{len(data) // 2}H", data)))
slave.setValues(4, 1400, [PARTS])
slave.setValues(3, 2400, [PARTS])


def dump():
    for _ in sys.stdin:
        for name, code, _, order, offset in places():
            size = struct.calcsize(">" + code)
            registers = slave.getValues(3, 2000 + offset, size // 2)
            value = struct.unpack(">" + code, shuffle(struct.pack(f">{size // 2}H", *registers), order))[0]
            print(f"{name}={value!r}")
        for key, name, value, order, offset in more_places():
            size = len(encode(name, value))
            registers = slave.getValues(3, 2000 + offset, size // 2)
            print(f"{key}={decode(name, shuffle(struct.pack(f'>{size // 2}H', *registers), order))}")
        print(f"parts={slave.getValues(3, 2400, 1)[0]:04x}")
        for coil in (20, 21):
            print(f"coil-{coil}={int(slave.getValues(1, coil, 1)[0])}")
        print("end", flush=True)


arguments = sys.argv[1:] or ["tcp"]
context = ModbusServerContext(slaves=slave, single=True)
identity = ModbusDeviceIdentification(info_name={
    "VendorName": "pymodbus", "ProductCode": "PM", "MajorMinorRevision": "3.0", "VendorUrl": "v" * 100, "ProductName": "p" * 100, "ModelName": "m" * 100})
threading.Thread(target=dump, daemon=True).start()
if arguments[-1].startswith("/") and arguments[0] != "tls":
    print("port 0", flush=True)
    framer = ModbusAsciiFramer if arguments[0] == "ascii" else ModbusRtuFramer
    StartSerialServer(context=context, identity=identity, framer=framer, port=arguments[-1], baudrate=19200, timeout=0.1)  # a pseudo-terminal knows no parity
    sys.exit()

with socket.socket(type=socket.SOCK_DGRAM if arguments[0] == "udp" else socket.SOCK_STREAM) as probe:
    probe.bind(("127.0.0.1", 0))
    port = probe.getsockname()[1]
print(f"port {port}", flush=True)


async def serve_tls(certificate, key):
    # Its own framer for TLS leaves out the MBAP header, which MODBUS/TCP Security keeps.
    server = ModbusTlsServer(
        context, framer=ModbusSocketFramer, identity=identity, address=("127.0.0.1", port), certfile=certificate, keyfile=key, allow_reuse_address=True)
    await server.serve_forever()


if arguments[0] == "tls":
    asyncio.run(serve_tls(*arguments[1:]))
elif arguments[0] == "udp":
    StartUdpServer(context=context, identity=identity, address=("127.0.0.1", port))
else:
    framer = {"rtu": ModbusRtuFramer, "ascii": ModbusAsciiFramer, "tcp": ModbusSocketFramer}[arguments[0]]
    StartTcpServer(context=context, identity=identity, framer=framer, address=("127.0.0.1", port))
