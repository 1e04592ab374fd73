"""A Modbus server on pymodbus (TCP; "rtu" as argument: RTU over TCP; a path: RTU on that serial line) that holds every type in every order: input registers from 1000 to be read, holding registers from 2000 to be
written, coil 5 and discrete 7 on, coils 20 and 21 to be written. Prints its port; a line on standard input makes it print what was written."""
import socket
import struct
import sys
import threading

from pymodbus.datastore import ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext
from pymodbus.server import StartSerialServer, StartTcpServer
from pymodbus.transaction import ModbusRtuFramer, ModbusSocketFramer

TYPES = [
    ("int16", "h", -1234), ("uint16", "H", 54321), ("int32", "i", -123456789), ("uint32", "I", 3456789012),
    ("int64", "q", -1234567890123456789), ("uint64", "Q", 12345678901234567890), ("float32", "f", 231.4), ("float64", "d", -2.718281828459045),
]
ORDERS = {
    "ABCD": {2: "AB", 4: "ABCD", 8: "ABCDEFGH"}, "CDAB": {2: "AB", 4: "CDAB", 8: "GHEFCDAB"},
    "BADC": {2: "BA", 4: "BADC", 8: "BADCFEHG"}, "DCBA": {2: "BA", 4: "DCBA", 8: "HGFEDCBA"},
}


def shuffle(data, order):
    return bytes(data["ABCDEFGH".index(letter)] for letter in ORDERS[order][len(data)])


def places():
    for t, (name, code, value) in enumerate(TYPES):
        for o, order in enumerate(ORDERS):
            yield f"{name}-{order}", code, value, order, t * 16 + o * 4


slave = ModbusSlaveContext(
    co=ModbusSequentialDataBlock(0, [0] * 3000), di=ModbusSequentialDataBlock(0, [0] * 3000),
    ir=ModbusSequentialDataBlock(0, [0] * 3000), hr=ModbusSequentialDataBlock(0, [0] * 3000), zero_mode=True)
slave.setValues(1, 5, [1])
slave.setValues(2, 7, [1])
for _, code, value, order, offset in places():
    data = shuffle(struct.pack(">" + code, value), order)
    slave.setValues(4, 1000 + offset, list(struct.unpack(f">{len(data) // 2}H", data)))


def dump():
    for _ in sys.stdin:
        for name, code, _, order, offset in places():
            size = struct.calcsize(">" + code)
            registers = slave.getValues(3, 2000 + offset, size // 2)
            value = struct.unpack(">" + code, shuffle(struct.pack(f">{size // 2}H", *registers), order))[0]
            print(f"{name}={value!r}")
        for coil in (20, 21):
            print(f"coil-{coil}={int(slave.getValues(1, coil, 1)[0])}")
        print("end", flush=True)


line = sys.argv[1] if len(sys.argv) > 1 else "tcp"
context = ModbusServerContext(slaves=slave, single=True)
if line.startswith("/"):
    threading.Thread(target=dump, daemon=True).start()
    print("port 0", flush=True)
    StartSerialServer(context=context, framer=ModbusRtuFramer, port=line, baudrate=19200, timeout=0.1)  # a pseudo-terminal knows no parity
    sys.exit()

with socket.socket() as probe:
    probe.bind(("127.0.0.1", 0))
    port = probe.getsockname()[1]
threading.Thread(target=dump, daemon=True).start()
print(f"port {port}", flush=True)
StartTcpServer(context=context, framer=ModbusRtuFramer if line == "rtu" else ModbusSocketFramer, address=("127.0.0.1", port))
