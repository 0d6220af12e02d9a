"""The command line in one Java process that stays, and the Flight server in it."""

import base64
import os
import pathlib
import subprocess

import pyarrow as pa
import pyarrow.flight as flight

ROOT = pathlib.Path(__file__).resolve().parent.parent
JAR = ROOT / "cli" / "target" / "arrow-npz.jar"
SOURCE = ROOT / "cli" / "src" / "test" / "java" / "org" / "arrownpz" / "cli" / "Driver.java"


def java() -> str:
    home = os.environ.get("JAVA_HOME")
    return os.path.join(home, "bin", "java") if home else "java"


def flags() -> list[str]:
    return ["--add-opens=java.base/java.nio=ALL-UNNAMED", "-Xmx1g"]


def class_path() -> str:
    """ARROW_NPZ_CLASSPATH (the Java tests set it to their own), or the executable jar."""
    given = os.environ.get("ARROW_NPZ_CLASSPATH", str(JAR))
    if given == str(JAR) and not JAR.exists():
        raise SystemExit(f"{JAR} is missing: build it with mvn package, or name a class path in ARROW_NPZ_CLASSPATH")
    return given


class Driver:
    """Runs commands; started again where the process died. Not safe for several threads."""

    def __init__(self, directory: pathlib.Path):
        self.served = directory / "served"
        self.served.mkdir(parents=True, exist_ok=True)
        self.errors = directory / "java.err"
        self.process: subprocess.Popen | None = None
        self.location = ""
        self.puts = 0

    def __call__(self, *arguments: object) -> tuple[int, str, str]:
        """The exit code (1000 and more where Java died), standard output and standard error."""
        process = self.running()
        try:
            call = [b"=" + base64.b64encode(os.fsencode(str(argument))) for argument in arguments]
            process.stdin.write(b" ".join(call) + b"\n")
            process.stdin.flush()
            answer = process.stdout.readline()
        except BrokenPipeError:
            answer = b""
        if not answer:
            self.process = None
            return 1000 + abs(process.wait()), "", "Java died, see " + str(self.errors)
        code, out, err = answer.split()
        return int(code), *(base64.b64decode(text[1:]).decode("utf-8", "replace") for text in (out, err))

    def convert(self, source: pathlib.Path, target: pathlib.Path, *options: str) -> str | None:
        """What went wrong, or nothing."""
        code, _, err = self("convert", source, target, "--force", *options)
        if code == 0:
            return None
        text = (err.strip() or f"exit code {code}").replace(f"{source.parent}{os.sep}", "")
        return f"convert fails: {text.removeprefix('arrow-npz: ')}"

    def through_flight(self, source: pathlib.Path, target: pathlib.Path) -> str | None:
        """Puts a stream file, gets it back and writes that; what went wrong, or nothing."""
        self.running()
        self.puts += 1
        name = f"put{self.puts}"
        try:
            with flight.connect(self.location) as client:
                with pa.ipc.open_stream(pa.BufferReader(source.read_bytes())) as reader:
                    writer, _ = client.do_put(flight.FlightDescriptor.for_path(name), reader.schema)
                    with writer:
                        for batch in reader:
                            writer.write_batch(batch)
                stream = client.do_get(flight.Ticket(b'{"v":1,"name":"%s"}' % name.encode()))
                with pa.ipc.new_stream(str(target), stream.schema) as out:
                    for chunk in stream:
                        out.write_batch(chunk.data)
        except pa.ArrowException as failure:
            return f"flight fails: {str(failure).split('. gRPC')[0].split('. Detail')[0]}"
        finally:
            (self.served / f"{name}.npz").unlink(missing_ok=True)
        return None

    def running(self) -> subprocess.Popen:
        if self.process is None or self.process.poll() is not None:
            classes = class_path()
            main = ["org.arrownpz.cli.Driver"] if classes != str(JAR) else [str(SOURCE)]
            command = [java(), *flags(), "-cp", classes, *main, str(self.served)]
            with open(self.errors, "ab") as errors:
                self.process = subprocess.Popen(
                    command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors)
            self.location = self.process.stdout.readline().decode().strip()
        return self.process

    def close(self) -> None:
        if self.process:
            self.process.stdin.close()
            self.process.wait()
            self.process = None
