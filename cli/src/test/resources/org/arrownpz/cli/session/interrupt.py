"""Types Ctrl-C at a command on a new terminal once it shows a text: interrupt.py TEXT INPUT COMMAND...

The command reads the file INPUT, after which its input goes on without an end. Prints what the terminal shows, and exits
with the command's code. A command that does not end within five minutes is left alone without a terminal.
"""

import os
import pty
import signal
import sys

signal.alarm(300)
text = sys.argv[1].encode()
reader, writer = os.pipe()
child, terminal = pty.fork()
if child == 0:
    # What a shell runs in the background ignores Ctrl-C, and hands that down.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.dup2(reader, 0)
    os.close(writer)
    os.execvp(sys.argv[3], sys.argv[3:])
os.close(reader)
with open(sys.argv[2], "rb") as given:
    os.write(writer, given.read())
shown = bytearray()
typed = False
while True:
    if not typed and text in shown:
        os.write(terminal, b"\x03")
        typed = True
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
sys.exit(os.WEXITSTATUS(status) if os.WIFEXITED(status) else 255)
