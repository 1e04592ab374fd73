"""Runs a command on a terminal of its own. Lines on standard input: {"size": [rows, columns]} resizes, {"type": text} types, {"signal": n} signals.
Lines on standard output: {"seen": text} what the command wrote, {"code": n, "echo": bool} at its end: whether the terminal echoes as before."""
import codecs
import fcntl
import json
import os
import pty
import select
import struct
import sys
import termios
import threading

rows, columns, *command = sys.argv[1:]


def resize(fd, rows, columns):
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", int(rows), int(columns), 0, 0))


def tell(**what):
    print(json.dumps(what), flush=True)


master, slave = pty.openpty()
resize(master, rows, columns)
pid = os.fork()
if pid == 0:
    os.close(master)
    os.login_tty(slave) if hasattr(os, "login_tty") else None
    if not hasattr(os, "login_tty"):
        os.setsid()
        fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
        for fd in (0, 1, 2):
            os.dup2(slave, fd)
    os.execvp(command[0], command)


def obey():
    for line in sys.stdin:
        order = json.loads(line)
        if "size" in order:
            resize(master, *order["size"])
        if "type" in order:
            os.write(master, order["type"].encode())
        if "signal" in order:
            os.kill(pid, order["signal"])


ended, end = os.pipe()


def read():
    """Until the command has ended and all that it wrote is told. The slave stays open here, so that the terminal's settings can be asked for at the end."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    while True:
        ready, _, _ = select.select([master, ended], [], [])
        if master in ready:
            tell(seen=decoder.decode(os.read(master, 65536)))
        elif not select.select([master], [], [], 0.05)[0]:
            # What was written last is on its way through the kernel for a moment.
            return


threading.Thread(target=obey, daemon=True).start()
reader = threading.Thread(target=read)
reader.start()
_, status = os.waitpid(pid, 0)
os.write(end, b"x")
reader.join()
tell(code=os.waitstatus_to_exitcode(status), echo=bool(termios.tcgetattr(slave)[3] & termios.ECHO))
