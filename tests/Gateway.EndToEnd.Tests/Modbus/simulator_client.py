"""pymodbus' client against our simulator, every function that it has. Arguments: tcp|udp PORT, tls PORT CA CERTIFICATE KEY, rtu|ascii DEVICE.
Prints a line for each answer; the simulator holds what SimulatorClientTests puts there."""
import socket
import ssl
import sys
import threading

from pymodbus.client import ModbusSerialClient, ModbusTcpClient, ModbusUdpClient
from pymodbus.diag_message import ReturnBusMessageCountRequest, ReturnQueryDataRequest
from pymodbus.mei_message import ReadDeviceInformationRequest
from pymodbus.transaction import ModbusAsciiFramer, ModbusRtuFramer



def secured(port, ca, certificate, key):
    """A plain end of a TLS connection. pymodbus' own TLS client waits with select() for what OpenSSL has read already, and leaves out the MBAP header."""
    context = ssl.create_default_context(cafile=ca)
    context.load_cert_chain(certificate, key)
    connection = context.wrap_socket(socket.create_connection(("127.0.0.1", port)), server_hostname="127.0.0.1")
    near, far = socket.socketpair()

    def carry():
        while request := far.recv(300):
            connection.sendall(request)
            far.sendall(connection.recv(300))

    threading.Thread(target=carry, daemon=True).start()
    return near


kind, where, *files = sys.argv[1:]
if kind == "tcp":
    client = ModbusTcpClient("127.0.0.1", port=int(where), timeout=10)
elif kind == "udp":
    client = ModbusUdpClient("127.0.0.1", port=int(where), timeout=10)
elif kind == "tls":
    client = ModbusTcpClient("127.0.0.1", port=int(where), timeout=10)
    client.socket = secured(int(where), *files)
else:
    client = ModbusSerialClient(where, framer=ModbusAsciiFramer if kind == "ascii" else ModbusRtuFramer, baudrate=115200, timeout=10)
assert client.connect(), "no connection"


def show(name, answer):
    values = getattr(answer, "registers", None) or getattr(answer, "bits", None) or getattr(answer, "message", None)
    print(name, f"exception {answer.exception_code}" if answer.isError() and hasattr(answer, "exception_code") else answer if answer.isError() else values, flush=True)


show("coils", client.read_coils(9, 3, slave=1))
show("discretes", client.read_discrete_inputs(17, 2, slave=1))
show("holding", client.read_holding_registers(10, 3, slave=1))
show("input", client.read_input_registers(20, 1, slave=1))
show("hidden", client.read_holding_registers(60000, 1, slave=1))
client.write_coil(50, True, slave=1)
client.write_coils(51, [False, True, True], slave=1)
client.write_register(30, 1234, slave=1)
client.write_registers(31, [7, 8, 9], slave=1)
client.mask_write_register(40, 0xF2, 0x25, unit=1)
show("read-write", client.readwrite_registers(read_address=70, read_count=3, write_address=71, write_registers=[11, 12], unit=1))
show("echo", client.execute(ReturnQueryDataRequest(0xA537, unit=1)))
count = client.execute(ReturnBusMessageCountRequest(unit=1))
print("counted", not count.isError(), flush=True)
more, start = True, 0
while more:
    part = client.execute(ReadDeviceInformationRequest(3, start, unit=1))
    assert not part.isError(), part
    for number, value in sorted(part.information.items()):
        print("object", number, value.decode(), flush=True)
    more, start = part.more_follows != 0, part.next_object_id
if kind in ("rtu", "ascii"):
    client.write_register(90, 4711, slave=0)  # everybody; nobody answers
    show("after-broadcast", client.read_holding_registers(90, 1, slave=1))
client.close()
