"""A Modbus TCP meter of 20 lines, for places where nothing can be installed: holding and input registers 0 to 9 hold 215, 216, …"""
import socketserver
import struct
import sys


class Meter(socketserver.BaseRequestHandler):
    def handle(self):
        while header := self.request.recv(7, 0x100):  # MSG_WAITALL
            transaction, _, length, unit = struct.unpack(">HHHB", header)
            function, address, count = struct.unpack(">BHH", self.request.recv(length - 1, 0x100)[:5])
            if function in (3, 4) and address + count <= 10:
                answer = struct.pack(f">BB{count}H", function, 2 * count, *range(215 + address, 215 + address + count))
            else:
                answer = struct.pack(">BB", function | 0x80, 2)
            self.request.sendall(struct.pack(">HHHB", transaction, 0, 1 + len(answer), unit) + answer)


socketserver.ThreadingTCPServer.allow_reuse_address = True
socketserver.ThreadingTCPServer((sys.argv[1], int(sys.argv[2])), Meter).serve_forever()
