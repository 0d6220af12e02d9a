"""Figures of HTTP: the first bytes of long tables, and what 200 clients cost that ask for all and read nothing.

    clients/run --http-figures [ROWS [READERS]]
"""

import contextlib
import http.client
import pathlib
import re
import socket
import sys
import tempfile
import time
import urllib.parse

import numpy as np
from web import served

ROWS = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000_000
READERS = int(sys.argv[2]) if len(sys.argv) > 2 else 200
# Where pages of files need no disk.
FOLDER = next((folder for folder in ("/dev/shm", tempfile.gettempdir()) if pathlib.Path(folder).is_dir()))


def write(folder: pathlib.Path) -> None:
    np.savez(folder / "numbers.npz", n=np.arange(ROWS), flag=np.arange(ROWS) % 3 == 0)
    short = ROWS // 10
    text = np.array([f"text {i:03}" for i in range(1000)])[np.arange(short) % 1000]
    np.savez(folder / "texts.npz", t=text)
    np.savez(folder / "some.npz", n=np.arange(short), flag=np.arange(short) % 3 == 0)


def first(address: urllib.parse.SplitResult, path: str) -> float:
    """Milliseconds until the first bytes, by a new connection."""
    start = time.perf_counter()
    connection = http.client.HTTPConnection(address.hostname, address.port)
    with contextlib.closing(connection):
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read(1024)
        if answer.status != 200:
            raise SystemExit(f"{path}: {answer.status}")
    return (time.perf_counter() - start) * 1000


def anonymous(process: int) -> int:
    found = re.search(r"RssAnon:\s+(\d+)", pathlib.Path(f"/proc/{process}/status").read_text())
    return int(found.group(1)) // 1024 if found else -1


def metric(address: urllib.parse.SplitResult, name: str) -> float:
    connection = http.client.HTTPConnection(address.hostname, address.port)
    with contextlib.closing(connection):
        connection.request("GET", "/metrics")
        found = re.search(rf"^arrownpz_{name} (\S+)", connection.getresponse().read().decode(), re.MULTILINE)
    return float(found.group(1)) if found else -1


def silent(address: urllib.parse.SplitResult, process: int, table: str) -> None:
    before = anonymous(process)
    with contextlib.ExitStack() as open_sockets:
        start = time.perf_counter()
        for _ in range(READERS):
            reader = open_sockets.enter_context(socket.create_connection((address.hostname, address.port)))
            reader.sendall(f"GET /tables/{table}/data HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        others = []
        while len(others) < 20 or time.perf_counter() - start < 10:
            others.append(first(address, f"/tables/{table}/data?rows=5:15"))
        print(f"{READERS} silent readers of {table}: {metric(address, 'streams'):.0f} streams, Arrow memory "
              f"{metric(address, 'allocated_bytes') / 1e6:.1f} MB (peak {metric(address, 'allocated_peak_bytes') / 1e6:.1f}), "
              f"anonymous {anonymous(process)} MB ({before} before); another client waits for its first bytes "
              f"{max(others[:5]):.0f} ms at most of five calls, {max(others):.0f} of all, {sorted(others)[len(others) // 2]:.0f} in the median")
    while metric(address, "streams") > 1:
        time.sleep(0.1)
    print(f"    once they are gone: Arrow memory {metric(address, 'allocated_bytes') / 1e6:.1f} MB")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(dir=FOLDER) as made:
        write(pathlib.Path(made))
        with served(made) as (url, server):
            place = urllib.parse.urlsplit(url)
            for path in ("numbers/data", f"numbers/data?rows={ROWS // 2}:{ROWS // 2 + 100}", f"numbers/data?rows={ROWS - 10}:{ROWS}&format=json-rows",
                         "texts/data", "texts/data?rows=0:100"):
                print(f"first bytes of {path}, ms: " + ", ".join(f"{first(place, '/tables/' + path):.0f}" for _ in range(7)))
            silent(place, server, "some")
            silent(place, server, "texts")
