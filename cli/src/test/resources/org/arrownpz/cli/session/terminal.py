"""Runs a command on a new terminal of so many columns, and prints what it shows: terminal.py COLUMNS COMMAND..."""

import fcntl
import os
import pty
import struct
import sys
import termios

columns = int(sys.argv[1])
child, terminal = pty.fork()
if child == 0:
    # The size is set before the command starts: it is asked for once.
    fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    os.execvp(sys.argv[2], sys.argv[2:])
shown = bytearray()
while True:
    try:
        data = os.read(terminal, 1 << 16)
    except OSError:
        # How Linux tells that nobody writes any more.
        break
    if not data:
        break
    shown += data
_, status = os.waitpid(child, 0)
sys.stdout.buffer.write(shown)
sys.stdout.flush()
sys.exit(0 if status == 0 else 1)
