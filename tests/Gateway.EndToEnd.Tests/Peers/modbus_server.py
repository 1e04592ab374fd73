"""A Modbus TCP server on pymodbus. Lines on standard input: {"unit", "space": co|di|ir|hr, "address", "values"} sets, without values reads; {"echo": x} answers."""
import json
import sys
import threading

from pymodbus.datastore import ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext
from pymodbus.server import StartTcpServer

port, *units = sys.argv[1:]
FUNCTION = {"co": 1, "di": 2, "hr": 3, "ir": 4}


def block():
    return ModbusSequentialDataBlock(0, [0] * 2000)


slaves = {int(u): ModbusSlaveContext(co=block(), di=block(), ir=block(), hr=block(), zero_mode=True) for u in units or ["1"]}
context = ModbusServerContext(slaves=slaves, single=False)


def commands():
    for line in sys.stdin:
        c = json.loads(line)
        slave, function = slaves[c["unit"]], FUNCTION[c["space"]]
        if "values" in c:
            slave.setValues(function, c["address"], c["values"])
        print(json.dumps({"tag": c.get("tag"), "values": [int(v) for v in slave.getValues(function, c["address"], c.get("count", 1))]}), flush=True)


threading.Thread(target=commands, daemon=True).start()
print("starting", flush=True)
StartTcpServer(context=context, address=("127.0.0.1", int(port)))
