"""The clients of the trial: eight kinds, that call again and again and compare what they get."""

import collections
import contextlib
import json
import os
import pathlib
import random
import re
import socket
import ssl
import subprocess
import threading
import time
import typing
import urllib.request

import numpy as np
import pyarrow as pa
import pyarrow.flight as flight

if typing.TYPE_CHECKING:
    from trial import Server

HOME = pathlib.Path(__file__).resolve().parent
NODE = pathlib.Path(os.environ.get("ARROW_NPZ_NODE", pathlib.Path.home() / ".cache/arrow-npz/node"))
MAVEN = pathlib.Path.home() / ".m2/repository"
JARS = ("org/apache/arrow/flight-sql-jdbc-driver/*/*.jar", "com/zaxxer/HikariCP/*/*.jar", "org/slf4j/slf4j-api/2*/*.jar")
ROWS = 20_000
PUT_ROWS = 2_000
PUT_NAMES = 300
NODE_PROGRAM = """
import { tableFromIPC } from 'apache-arrow';
const headers = { Authorization: 'Bearer ' + process.argv[3] };
const table = await tableFromIPC(await fetch(process.argv[2] + '/tables/prices/data', { headers }));
const versions = new Set(table.getChild('version'));
if (table.numRows !== 20000 || versions.size !== 1) { console.log('wrong', table.numRows, versions); }
"""
wrong: list[str] = []
started: list[subprocess.Popen] = []


def say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", flush=True)


def check(right: bool, text: str) -> None:
    say(f"{'ok  ' if right else 'FAIL'} {text}")
    if not right:
        wrong.append(text)


class Client(threading.Thread):
    """Calls again and again; counts what it is told was done."""

    kind, pause = "", 0.05

    def __init__(self, server: "Server", gate: "Gate") -> None:
        super().__init__(daemon=True)
        self.server, self.gate, self.random = server, gate, random.Random(self.name)
        self.done: collections.Counter[str] = collections.Counter()
        self.failures: collections.Counter[str] = collections.Counter()
        self.answered, self.worst, self.longest_gap, self.last = 0, 0.0, 0.0, 0.0
        self.connection: flight.FlightClient | None = None

    def run(self) -> None:
        while True:
            with self.gate.turn():
                start = time.monotonic()
                self.last = max(self.last, self.gate.since)
                try:
                    self.call()
                    end = time.monotonic()
                    self.answered += 1
                    self.worst = max(self.worst, end - start)
                    self.longest_gap = max(self.longest_gap, end - self.last)
                    self.last = end
                except AssertionError as e:
                    wrong.append(f"{self.kind}: {e}")
                    say(f"FAIL {self.kind}: {e}")
                except Exception as e:  # noqa: BLE001
                    self.failures[re.sub(r"[0-9a-f]{8}-[-0-9a-f]+|\d+", "N", f"{type(e).__name__}: {e}")[:110]] += 1
                    self.connection = None
                    time.sleep(0.2)
            time.sleep(self.pause)

    def call(self) -> None:
        raise NotImplementedError

    def options(self) -> flight.FlightCallOptions:
        return flight.FlightCallOptions(timeout=60, headers=[(b"authorization", f"Bearer {self.server.tokens[self.kind]}".encode())])

    def connected(self) -> flight.FlightClient:
        if self.connection is None:
            authority = self.server.certificates.authority.read_bytes()
            self.connection = flight.connect(f"grpc+tls://localhost:{self.server.port}", tls_root_certs=authority)
        return self.connection

    def get(self, ticket: flight.Ticket) -> pa.Table:
        table = self.connected().do_get(ticket, self.options()).read_all()
        self.done["DoGet"] += 1
        return table

    def info(self, descriptor: flight.FlightDescriptor) -> flight.FlightInfo:
        info = self.connected().get_flight_info(descriptor, self.options())
        self.done["GetFlightInfo"] += 1
        return info

    def command(self, name: str, content: bytes = b"") -> pa.Table:
        """A command of Flight SQL, as protobuf writes it."""

        def text(number: int, value: bytes) -> bytes:
            return bytes([number << 3 | 2, len(value)]) + value

        kind = b"type.googleapis.com/arrow.flight.protocol.sql." + name.encode()
        packed = text(1, kind) + (text(2, text(1, content)) if content else b"")
        return self.get(self.info(flight.FlightDescriptor.for_command(packed)).endpoints[0].ticket)

    def http(self, path: str, body: bytes | None = None, accept: str = "*/*") -> bytes:
        headers = {"Authorization": f"Bearer {self.server.tokens[self.kind]}", "Content-Type": "application/json", "Accept": accept}
        request = urllib.request.Request(f"https://localhost:{self.server.http}{path}", body, headers)
        context = ssl.create_default_context(cafile=str(self.server.certificates.authority))
        with urllib.request.urlopen(request, timeout=60, context=context) as answer:
            return answer.read()


def require_one_version(table: pa.Table) -> None:
    versions = table["version"].unique()
    assert table.num_rows == ROWS and len(versions) == 1, f"{table.num_rows} rows of versions {versions}"


class Getting(Client):
    kind = "get"

    def call(self) -> None:
        name = self.random.choice(("prices", "prices", "cut", "damaged"))
        ticket = self.info(flight.FlightDescriptor.for_path(name)).endpoints[0].ticket if name == "prices" else None
        table = self.get(ticket or flight.Ticket(json.dumps({"v": 1, "name": name})))
        if name == "prices":
            require_one_version(table)
        elif name == "cut":
            # Whatever came is right, or the call failed.
            assert table["i"].to_numpy().tolist() == list(range(table.num_rows)), "other values than there were"


class Asking(Client):
    """ADBC's calls."""

    kind = "adbc"

    def call(self) -> None:
        rows = self.command("CommandStatementQuery", b"SELECT count(*) AS n, min(version) = max(version) AS one FROM prices")
        assert rows.to_pylist() == [{"n": ROWS, "one": True}], rows


class Walking(Client):
    kind, pause = "walk", 0.5

    def call(self) -> None:
        flights = list(self.connected().list_flights(b"p", self.options()))
        self.done["ListFlights"] += 1
        assert any(info.descriptor.path == [b"prices"] for info in flights), "no flight of prices"
        names = self.command("CommandGetTables")["table_name"].to_pylist()
        assert "prices" in names, "no table of prices"
        for name in self.random.sample([info.descriptor.path[0] for info in flights], min(3, len(flights))):
            self.info(flight.FlightDescriptor.for_path(name))


class Browsing(Client):
    kind = "http"

    def call(self) -> None:
        if self.random.random() < 0.5:
            lines = self.http("/tables/prices/data?format=csv&columns=i,version").decode().splitlines()
            self.done["http tables"] += 1
            assert len(lines) == ROWS + 1 and len({line.split(",")[-1] for line in lines[1:]}) == 1, f"{len(lines)} lines"
        else:
            rows = json.loads(self.http("/sql", b'{"sql":"SELECT sum(i) AS s FROM prices"}', "application/json"))
            self.done["http sql"] += 1
            assert str(ROWS * (ROWS - 1) // 2) in json.dumps(rows), rows


class Noding(Client):
    kind, pause = "node", 0.5

    def call(self) -> None:
        program = NODE / "trial.mjs"
        environment = {**os.environ, "NODE_EXTRA_CA_CERTS": str(self.server.certificates.authority)}
        url = f"https://localhost:{self.server.http}"
        told = subprocess.run(["node", program, url, self.server.tokens["node"]], capture_output=True, text=True, cwd=NODE, env=environment)
        if told.returncode != 0:
            raise OSError("node: " + (re.search(r"\w*Error.*", told.stderr) or ["?"])[0])
        self.done["http tables"] += 1
        assert not told.stdout, told.stdout


class Putting(Client):
    """Each name is put by one client alone, so that what was acknowledged last must be there."""

    kind, pause = "put", 0.2

    def __init__(self, server: "Server", gate: "Gate") -> None:
        super().__init__(server, gate)
        self.acknowledged: dict[str, int] = {}
        self.tried: dict[str, int] = {}
        self.version = 0

    def call(self) -> None:
        self.version += 1
        name = f"put-{self.name}-{self.random.randrange(PUT_NAMES)}"
        self.tried[name] = self.version
        command = json.dumps({"v": 1, "name": name, "rows": PUT_ROWS, "overwrite": True}).encode()
        table = content(PUT_ROWS, self.version)
        writer, _ = self.connected().do_put(flight.FlightDescriptor.for_command(command), table.schema, self.options())
        with writer:
            writer.write_table(table, max_chunksize=700)
        self.done["DoPut"] += 1
        self.acknowledged[name] = self.version


class Attacking(Client):
    """Whatever is wrong; all of it may fail, and nothing of it may hurt others."""

    kind, pause = "hostile", 0.1

    def call(self) -> None:
        with contextlib.suppress(Exception):
            self.random.choice((self.noise, self.token, self.ticket, self.statement, self.leave, self.paths, self.half))()

    def noise(self) -> None:
        with socket.create_connection(("localhost", self.random.choice((self.server.port, self.server.http))), 5) as plain:
            plain.sendall(self.random.randbytes(self.random.randrange(5_000)))

    def token(self) -> None:
        wrong_one = flight.FlightCallOptions(timeout=10, headers=[(b"authorization", b"Bearer " + self.random.randbytes(20).hex().encode())])
        list(self.connected().list_flights(b"", wrong_one))

    def ticket(self) -> None:
        self.connected().do_get(flight.Ticket(self.random.randbytes(self.random.randrange(200))), self.options()).read_all()

    def statement(self) -> None:
        text = self.random.choice(("SELECT", "SELECT * FROM 'x.csv'", "COPY prices TO 'x'", "SELECT count(*) FROM range(20000000) a",
                                   "SELECT string_agg(range::VARCHAR, repeat('x', 1000)) FROM range(1000000)"))  # fmt: skip
        self.command("CommandStatementQuery", text.encode()[:120])

    def leave(self) -> None:
        stream = self.connected().do_get(flight.Ticket(b'{"sql":"SELECT range FROM range(50000000)"}'), self.options())
        stream.read_chunk()
        stream.cancel()

    def paths(self) -> None:
        self.http(self.random.choice(("/files/..%2f..%2fetc%2fpasswd", "/tables/prices/data?columns=nope", "/tables/" + "a" * 4000)))

    def half(self) -> None:
        table = content(PUT_ROWS, -1)
        writer, _ = self.connected().do_put(flight.FlightDescriptor.for_command(b'{"v":1,"name":"half","rows":99999}'), table.schema, self.options())
        writer.write_table(table)
        writer.close()


class Pool:
    """The pool of JDBC, in a process of Java."""

    def __init__(self, server: "Server") -> None:
        jars = [max(MAVEN.glob(pattern), default=None, key=str) for pattern in JARS]
        self.answers, self.before = [0, 0, 0, 0], 0
        self.process = None
        if all(jars):
            url = (f"jdbc:arrow-flight-sql://localhost:{server.port}?useEncryption=true&disableCertificateVerification=true"
                   f"&token={server.tokens['jdbc']}")  # fmt: skip
            command = ["java", "--add-opens=java.base/java.nio=ALL-UNNAMED", "-Xmx256m", "-cp", ":".join(map(str, jars)), HOME / "Pool.java", url]
            with open(server.folder / "pool.log", "w") as log:
                self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True)
            started.append(self.process)

    def tell(self, word: str) -> list[int]:
        if self.process:
            self.process.stdin.write(word + "\n")
            self.process.stdin.flush()
            self.answers = [int(number) for number in self.process.stdout.readline().split()]
            self.before += self.answers[0] if word == "forget" else 0
        return self.answers


class Gate:
    """Lets clients call, or waits until none does."""

    def __init__(self) -> None:
        self.condition, self.open, self.running, self.since = threading.Condition(), False, 0, 0.0

    @contextlib.contextmanager
    def turn(self):
        with self.condition:
            self.condition.wait_for(lambda: self.open)
            self.running += 1
        try:
            yield
        finally:
            with self.condition:
                self.running -= 1
                self.condition.notify_all()

    def set(self, is_open: bool) -> None:
        with self.condition:
            self.open, self.since = is_open, time.monotonic()
            self.condition.notify_all()
            if not is_open:
                self.condition.wait_for(lambda: self.running == 0)


def content(rows: int, version: int) -> pa.Table:
    return pa.table({"i": np.arange(rows), "version": np.full(rows, version), "x": np.arange(rows) * (version % 97 + 0.5)})
