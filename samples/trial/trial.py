"""A server under everything that it meets in months, in minutes: see README.md.

    samples/trial/trial.py --minutes 30
"""

import argparse
import collections
import contextlib
import json
import os
import pathlib
import random
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

import numpy as np
import pyarrow.flight as flight
from callers import (
    NODE,
    NODE_PROGRAM,
    PUT_ROWS,
    ROWS,
    Asking,
    Attacking,
    Browsing,
    Client,
    Gate,
    Getting,
    Noding,
    Pool,
    Putting,
    Walking,
    check,
    content,
    say,
    started,
    wrong,
)

HOME = pathlib.Path(__file__).resolve().parent
COMMAND = HOME.parent.parent / "bin" / "arrow-npz"
DISK = 256 << 20


def run(*command: object) -> str:
    return subprocess.run([str(part) for part in command], capture_output=True, text=True, check=True).stdout.strip()


def replace(path: pathlib.Path, text: str) -> None:
    """As the documents ask for: a file of another name first."""
    new = path.with_name(path.name + ".new")
    new.write_text(text)
    new.chmod(0o600)
    new.rename(path)


def any_port() -> int:
    with socket.socket() as listening:
        listening.bind(("localhost", 0))
        return listening.getsockname()[1]


class Certificates:
    """An authority, and certificates that it signs."""

    def __init__(self, folder: pathlib.Path) -> None:
        self.folder, self.authority, self.key = folder, folder / "ca.pem", folder / "key.pem"
        run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", 30, "-subj", "/CN=trial",
            "-keyout", folder / "ca.key", "-out", self.authority)  # fmt: skip
        self.renew()

    def renew(self) -> None:
        """Signs another certificate, and replaces the one before."""
        request, names, made = self.folder / "request.pem", self.folder / "names", self.folder / "made.pem"
        names.write_text("subjectAltName=DNS:localhost,IP:127.0.0.1\n")
        key = self.folder / "made.key"
        run("openssl", "req", "-new", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-keyout", key, "-out", request)
        run("openssl", "x509", "-req", "-in", request, "-CA", self.authority, "-CAkey", self.folder / "ca.key", "-CAcreateserial",
            "-days", 10, "-extfile", names, "-out", made)  # fmt: skip
        replace(self.key, key.read_text())
        replace(self.folder / "cert.pem", made.read_text())

    def shown(self, port: int) -> bytes:
        """The certificate that a server shows."""
        context = ssl.create_default_context(cafile=str(self.authority))
        with socket.create_connection(("localhost", port), 10) as plain, context.wrap_socket(plain, server_hostname="localhost") as tls:
            return tls.getpeercert(True) or b""


class Server:
    """The server, which is killed and started again at the same ports."""

    def __init__(self, folder: pathlib.Path, data: pathlib.Path, more: list[str]) -> None:
        self.folder, self.data, self.more, self.life = folder, data, more, 0
        self.port, self.http, self.metrics_port = any_port(), any_port(), any_port()
        self.certificates = Certificates(folder)
        (folder / "ticket.key").write_bytes(os.urandom(32))
        (folder / "ticket.key").chmod(0o600)
        self.tokens: dict[str, str] = {}
        self.process: subprocess.Popen | None = None
        self.ready = threading.Event()

    def set_token(self, name: str) -> None:
        """Gives a caller a token, in place of the one that it has."""
        line, token = self.folder / "line", ""
        token = run(COMMAND, "token", "new", name, "--rights", "write", "--file", line).split()[-1]
        file = self.folder / "tokens"
        kept = [old for old in (file.read_text() if file.exists() else "").splitlines() if not old.startswith(name + " ")]
        replace(file, "\n".join([*kept, line.read_text().strip()]) + "\n")
        line.unlink()
        self.tokens[name] = token

    def log(self) -> pathlib.Path:
        return self.folder / f"access-{self.life}.log"

    def start(self) -> None:
        self.life += 1
        command = [COMMAND, "serve", self.data, "--port", self.port, "--http", self.http, "--metrics", self.metrics_port, "--sql",
                   "--queries", 2, "--sql-memory", "256m", "--tokens", self.folder / "tokens", "--tls-cert", self.folder / "cert.pem",
                   "--tls-key", self.folder / "key.pem", "--ticket-key", self.folder / "ticket.key", "--grace", 3, "--stall", 10,
                   "--access-log", self.log(), "--log-format", "json", "--slow-query", 5, "--query-time", 30, *self.more]  # fmt: skip
        with open(self.folder / f"server-{self.life}.log", "w") as log:
            self.process = subprocess.Popen([str(part) for part in command], stdout=subprocess.PIPE, stderr=log, text=True,
                                            env={**os.environ, "JDK_JAVA_OPTIONS": "-Xms512m -Xmx512m -XX:+AlwaysPreTouch"})  # fmt: skip
        started.append(self.process)
        assert self.process.stdout.readline().startswith("grpc+tls://"), "the server does not start"
        self.ready.set()

    def kill(self) -> None:
        self.ready.clear()
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def metrics(self) -> dict[str, float]:
        with urllib.request.urlopen(f"http://localhost:{self.metrics_port}/metrics", timeout=10) as answer:
            lines = (line.rsplit(" ", 1) for line in answer.read().decode().splitlines() if not line.startswith("#"))
            return {name: float(value) for name, value in lines}

    def levels(self) -> dict[str, float]:
        """What it holds while nobody calls."""
        run("jcmd", self.process.pid, "GC.run")
        told = self.metrics()
        process = pathlib.Path("/proc") / str(self.process.pid)
        status = dict(line.split(":", 1) for line in (process / "status").read_text().splitlines())
        return {
            "descriptors": len(list((process / "fd").iterdir())),
            "threads": int(status["Threads"]),
            "heap MB": round(sum(v for k, v in told.items() if k.startswith('jvm_memory_used_bytes{area="heap"')) / 1e6),
            "resident MB": int(status["RssAnon"].split()[0]) // 1000,
            "Arrow bytes": told["arrownpz_allocated_bytes"],
            "frames": told["arrownpz_open_frames"],
        }


def write(path: pathlib.Path, rows: int, version: int) -> None:
    hidden = path.with_name("." + path.name)
    with open(hidden, "wb") as file:
        np.savez(file, **{name: column.to_numpy() for name, column in zip(content(0, 0).column_names, content(rows, version).columns)})
    hidden.rename(path)


class Operator(threading.Thread):
    """Replaces files, cuts them short, and damages them."""

    def __init__(self, data: pathlib.Path) -> None:
        super().__init__(daemon=True)
        self.data, self.version = data, 0
        write(data / "prices.npz", ROWS, 0)
        self.damage()

    def damage(self) -> None:
        write(self.data / "cut.npz", ROWS, self.version)
        write(self.data / "damaged.npz", ROWS, self.version)
        with open(self.data / "damaged.npz", "r+b") as file:
            file.seek(random.randrange(1000))
            file.write(os.urandom(20))

    def run(self) -> None:
        while True:
            time.sleep(0.7)
            self.version += 1
            with contextlib.suppress(OSError):  # The disk is full at times.
                write(self.data / "prices.npz", ROWS, self.version)
                os.truncate(self.data / "cut.npz", random.randrange(ROWS * 24))
                self.damage()


def expect_same(server: Server, clients: list[Client], pool: Pool) -> None:
    """Compares what the server counted with its own log, and both with what clients were told."""
    for _ in range(100):
        told = server.metrics()
        if told["arrownpz_calls_running"] == 0:
            break
        time.sleep(0.2)
    crashed = told['arrownpz_workers_ended_total{reason="crash"}']
    check(crashed == 0, f"life {server.life}: {crashed:.0f} processes of queries ended by themselves")
    counted = collections.Counter()
    for name, value in told.items():
        if found := re.fullmatch(r'arrownpz_calls_total\{call="([^"]*)",code="([^"]*)"\}', name):
            counted[found[1], found[2]] += int(value)
    logged, by_caller = collections.Counter(), collections.defaultdict(collections.Counter)
    for line in map(json.loads, server.log().read_text().splitlines()):
        logged[line["call"], line["code"]] += 1
        if line["code"] == "OK":
            by_caller[line["caller"]][line["call"]] += 1
    apart = f"{dict(counted - logged)} {dict(logged - counted)}"
    check(counted == logged, f"life {server.life}: {counted.total()} calls in the metrics are those of the log: {apart}")
    for kind in ("get", "adbc", "walk", "http", "node", "put"):
        done = sum((client.done for client in clients if client.kind == kind), collections.Counter())
        check(done == by_caller[kind], f"life {server.life}: {kind}: {dict(done)} answers are those of the log {dict(by_caller[kind])}")
    answered, _, bad, _ = pool.tell("state")
    logged_jdbc = by_caller["jdbc"]["DoGet"]
    same = not pool.process or answered == logged_jdbc and bad == 0
    check(same, f"life {server.life}: jdbc: {answered} statements are those of the log {logged_jdbc}, {bad} wrong")


def expect_files(data: pathlib.Path, clients: list[Client]) -> None:
    """Each put that was acknowledged is there and right, or a later one of the same name whose end nobody knows."""
    lost = 0
    names = 0
    for client in clients:
        for name, version in getattr(client, "acknowledged", {}).items():
            names += 1
            with np.load(data / f"{name}.npz") as arrays:
                blocks = [arrays[key] for key in sorted(arrays.files) if key.startswith("__blocks_")]
            columns = [column for block in blocks for column in np.atleast_2d(block.T)]
            found = int(columns[1][0])
            same = all(np.array_equal(*pair) for pair in zip(columns, content(PUT_ROWS, found).columns, strict=True))
            lost += not (same and version <= found <= client.tried[name])
    check(lost == 0 and names > 0, f"of {names} files that were put, {lost} are lost or wrong")


def full_disk(server: Server, clients: list[Client]) -> None:
    putting = [client for client in clients if client.kind == "put"]
    before = sum(client.failures.total() for client in putting)
    filler = server.data / "filler.npz"
    try:
        with open(filler, "wb") as file, contextlib.suppress(OSError):
            while file.tell() < DISK:
                file.write(b"\0" * 65536)
                file.flush()
        time.sleep(4)
        failed = sum(client.failures.total() for client in putting) - before
        check(failed > 0, f"the disk was full: {failed} puts were refused")
        check(server.metrics()["arrownpz_free_bytes"] < DISK, "the metrics tell the free space")
    finally:
        filler.unlink()


def new_token(server: Server) -> None:
    old = server.tokens["get"]
    server.set_token("get")
    time.sleep(3)
    client = Getting(server, Gate())
    client.connected().get_flight_info(flight.FlightDescriptor.for_path("prices"), client.options()) and client.done.clear()
    client.server = argparse.Namespace(tokens={"get": old}, certificates=server.certificates, port=server.port)
    with contextlib.suppress(flight.FlightUnauthenticatedError):
        client.info(flight.FlightDescriptor.for_path("prices"))
    check(not client.done, "the token of before is good no more")


def new_certificate(server: Server) -> None:
    before = server.certificates.shown(server.port)
    server.certificates.renew()
    end = time.monotonic() + 15
    while time.monotonic() < end and server.certificates.shown(server.port) == before:
        time.sleep(0.5)
    check(server.certificates.shown(server.port) != before, "the new certificate is shown")
    check(server.certificates.shown(server.http) != before, "by HTTP, too")


def trial(minutes: float, folder: pathlib.Path, data: pathlib.Path, more: list[str]) -> None:
    server, gate = Server(folder, data, more), Gate()
    (NODE / "trial.mjs").write_text(NODE_PROGRAM) if NODE.exists() else None
    for kind in ("get", "jdbc", "adbc", "node", "http", "put", "walk", "hostile"):
        server.set_token(kind)
    operator = Operator(data)
    server.start()
    kinds = [Getting, Getting, Getting, Asking, Asking, Walking, Browsing, Browsing, Putting, Putting, Attacking, Attacking]
    clients = [kind(server, gate) for kind in (kinds + [Noding] if NODE.exists() else kinds)]
    pool = Pool(server)
    for thread in [operator, *clients]:
        thread.start()
    share = minutes * 60 / 3
    for life in range(3):
        gate.set(True)
        pool.tell("go")
        first = min(20.0, share / 4)
        time.sleep(first)
        if life == 2:
            gate.set(False)
            pool.tell("stop")
            time.sleep(35)  # Idle threads end.
            start = server.levels()
            gate.set(True)
            pool.tell("go")
            new_certificate(server)
        elif life == 1:
            full_disk(server, clients)
        time.sleep(max(1.0, share - first - 20))
        gate.set(False)
        pool.tell("stop")
        expect_same(server, clients, pool)
        if life == 0:
            new_token(server)
        if life == 2:
            break
        gate.set(True)
        pool.tell("go")
        time.sleep(5)
        say(f"killed, with {gate.running} calls running")
        server.kill()
        gate.set(False)
        pool.tell("stop")
        pool.tell("forget")
        expect_files(data, clients)
        for client in clients:
            client.done.clear()
            client.connection = None
        server.start()
    time.sleep(35)
    end = server.levels()
    say(f"levels at the start {start}")
    say(f"levels at the end   {end}")
    check(end["Arrow bytes"] == 0 and end["frames"] == 0, "no Arrow memory and no file is held")
    for what, more_than in (("descriptors", 12), ("threads", 12), ("heap MB", 40), ("resident MB", 160)):
        check(end[what] <= start[what] + more_than, f"{what}: {start[what]} and {end[what]}")
    expect_files(data, clients)
    server.process.terminate()
    check(server.process.wait(20) == 0, "the server ends by itself")
    hidden = [path.name for path in data.iterdir() if path.name.startswith(".") and not path.name.endswith((".prices.npz", ".cut.npz", ".damaged.npz"))]
    check(not hidden, f"nothing is left of puts: {hidden}")
    print(f"{'kind':8} {'answered':>9} {'failed':>7} {'worst s':>8} {'longest without an answer s':>28}")
    for kind in dict.fromkeys(client.kind for client in clients):
        own = [client for client in clients if client.kind == kind]
        print(f"{kind:8} {sum(c.answered for c in own):9} {sum(c.failures.total() for c in own):7} {max(c.worst for c in own):8.2f} {max(c.longest_gap for c in own):28.2f}")
        for text, count in sum((c.failures for c in own), collections.Counter()).most_common(4):
            print(f"         {count:6} × {text}")
    print(f"{'jdbc':8} {pool.before + pool.answers[0]:9} {pool.answers[1]:7} {pool.answers[3] / 1000:8.2f}")
    for kind in ("get", "adbc", "walk", "http", "put"):
        longest = max(c.longest_gap for c in clients if c.kind == kind)
        check(longest < 120, f"{kind} never waited two minutes for an answer: {longest:.1f} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=30)
    minutes = parser.parse_args().minutes
    folder = pathlib.Path(tempfile.mkdtemp(prefix="arrow-npz-trial-"))
    data = folder / "data"
    data.mkdir()
    small = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", data], capture_output=True).returncode == 0
    say(f"{folder}, {'a disk of its own' if small else 'a quota'} of {DISK >> 20} MB, load {os.getloadavg()[0]:.1f}")
    try:
        trial(minutes, folder, data, [] if small else ["--put-bytes", str(DISK)])
    finally:
        for process in started:
            process.kill()
        if small:
            subprocess.run(["umount", "-l", data], check=False)
    if wrong:
        sys.exit(f"{len(wrong)} checks failed; logs are in {folder}")
    shutil.rmtree(folder)
    print("nothing was lost")


if __name__ == "__main__":
    main()
