"""What clients of HTTP get from a server: curl, pandas, pyarrow, Polars, DuckDB, fsspec, and Node's apache-arrow and hyparquet.

    clients/run --http
"""

import contextlib
import io
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.request

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.fs as fs
import pyarrow.ipc as ipc
import pyarrow.parquet as pq

COMMAND = pathlib.Path(__file__).resolve().parent.parent / "bin" / "arrow-npz"
NODE = pathlib.Path(os.environ.get("ARROW_NPZ_NODE", pathlib.Path.home() / ".cache/arrow-npz/node"))
ROWS = 10_000
NODE_PROGRAM = """
import { tableFromIPC } from 'apache-arrow';
import { asyncBufferFromUrl, parquetReadObjects } from 'hyparquet';
const url = process.argv[2];
const table = await tableFromIPC(fetch(url + '/tables/cols/data'));
let sum = 0n;
for (const value of table.getChild('a')) sum += value;
console.log(table.numRows, sum, table.getChild('c').get(7));
const rows = await parquetReadObjects({ file: await asyncBufferFromUrl({ url: url + '/files/plain.parquet' }) });
console.log(rows.length, rows[7].k);
"""
# The snippets of the page, as they are pasted.
SNIPPETS = """
const [source, url] = process.argv.slice(1);
const text = source.replace(/^import .*$/m, '').replaceAll('export ', '').replace(/^const copier[^]*$/m, '');
const stubs = "const token = () => '', bytes = null, call = null, el = null, failure = null, note = null, table = null;";
console.log(JSON.stringify(new Function(`${stubs} ${text}; return snippets;`)()(url, 'cols')));
"""
PAGE = COMMAND.parent.parent / "arrow-bridge/flight/src/main/resources/org/arrownpz/flight/internal/web/page/get.js"
failures = []


def check(what: str, seen: object, expected: object) -> None:
    right = seen == expected
    print(f"{'ok  ' if right else 'FAIL'} {what}" + ("" if right else f": {seen!r}, not {expected!r}"))
    if not right:
        failures.append(what)


def curl(*arguments: str) -> str:
    return subprocess.run(["curl", "-sS", "--fail-with-body", *arguments], capture_output=True, text=True, check=False).stdout


def get(url: str, **headers: str) -> bytes:
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers)) as answer:
        return answer.read()


@contextlib.contextmanager
def served(directory: str):
    """A server's address, and its process."""
    server = subprocess.Popen(
        [COMMAND, "serve", directory, "--port", "0", "--http", "0", "--sql"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        for line in server.stderr:
            found = re.search(r"HTTP is at (\S+)", line)
            if found:
                yield found.group(1), server.pid
                break
        else:
            raise SystemExit("the server does not start")
    finally:
        server.terminate()
        server.wait()


def write(directory: pathlib.Path) -> None:
    columns = {"a": np.arange(ROWS), "b": np.arange(ROWS) / 8, "c": np.array([f"t{i}" for i in range(ROWS)])}
    np.savez(directory / "cols.npz", **columns)
    pq.write_table(pa.table({"k": range(100)}), directory / "plain.parquet", compression="none")


def run(url: str) -> None:
    data = url + "/tables/cols/data"
    check("curl: CSV", curl(data + "?format=csv&rows=1:3"), "a,b,c\n1,0.125,t1\n2,0.25,t2\n")
    check("curl: a missing table", json.loads(curl(url + "/tables/none"))["status"], 404)
    check("curl: compressed", curl("--compressed", data + "?format=json&rows=0:1&columns=a"), '{"a":0}\n')
    check("curl: SQL", curl("-H", "Content-Type: application/json", "-d", '{"sql":"SELECT sum(a) AS s FROM cols"}', url + "/sql?format=csv"),
          f"s\n{ROWS * (ROWS - 1) // 2}\n")
    check("curl: a range", curl("-r", "0-1", url + "/files/cols.npz"), "PK")

    with ipc.open_stream(get(data)) as stream:
        table = stream.read_all()
    check("pyarrow: stream", (table.num_rows, table["a"].to_numpy().sum()), (ROWS, ROWS * (ROWS - 1) // 2))
    check("pyarrow: stream, zstd", ipc.open_stream(get(data + "?compression=zstd")).read_all().equals(table), True)
    check("pyarrow: file", ipc.open_file(get(data, Accept="application/vnd.apache.arrow.file")).read_all().equals(table), True)
    check("numpy: npz", np.load(io.BytesIO(get(data + "?format=npz")))["b"][3], 0.375)
    check("pandas: read_parquet", pd.read_parquet(data + "?format=parquet")["c"][9], "t9")
    check("pandas: read_csv", pd.read_csv(data + "?format=csv&columns=a&rows=5:9")["a"].tolist(), [5, 6, 7, 8])
    check("polars: read_parquet", pl.read_parquet(get(data + "?format=parquet"))["a"].sum(), ROWS * (ROWS - 1) // 2)
    check("polars: scan_parquet of a raw file", pl.scan_parquet(url + "/files/plain.parquet").select(pl.col("k").sum()).collect().item(), 4950)

    sink = io.BytesIO()
    with ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    put = urllib.request.Request(url + "/tables/copy", data=sink.getvalue(), method="PUT")
    with urllib.request.urlopen(put) as answer:
        check("pyarrow: put", answer.status, 201)
    check("curl: what was put", curl(url + "/tables/copy/data?format=csv&rows=9:10"), "a,b,c\n9,1.125,t9\n")

    own = subprocess.run([COMMAND, "head", "-n", "1", "--columns", "c", url + "/files/cols.npz"], capture_output=True, text=True, check=False)
    check("arrow-npz: a URL", own.stdout + own.stderr, '{"c":"t0"}\n')
    try:
        import fsspec

        remote = fsspec.filesystem("http")
        with remote.open(url + "/files/cols.npz") as file, np.load(file) as archive:
            check("fsspec: numpy of a raw file", archive["b"][3], 0.375)
        arrow = fs.PyFileSystem(fs.FSSpecHandler(remote))
        check("fsspec: pyarrow of a raw file", pq.read_table(url + "/files/plain.parquet", filesystem=arrow)["k"][7].as_py(), 7)
        check("fsspec: a stream", ipc.open_stream(remote.cat_file(data)).read_all().equals(table), True)
    except ImportError as missing:
        print(f"--   fsspec: pip install fsspec aiohttp ({missing})")
    try:
        duckdb.sql("INSTALL httpfs; LOAD httpfs")
        check("duckdb: read_parquet", duckdb.sql(f"SELECT sum(k) FROM read_parquet('{url}/files/plain.parquet')").fetchone()[0], 4950)
    except duckdb.Error:
        print("--   duckdb: its extension httpfs is not there")
    if shutil.which("node"):
        said = subprocess.run(["node", "-e", SNIPPETS, PAGE.read_text(), url + "/tables/cols"], capture_output=True, text=True, check=True)
        pasted = json.loads(said.stdout)
        for name in ("pandas", "Polars"):
            scope: dict = {}
            exec(pasted[name], scope)
            check(f"the page's snippet for {name}", scope["frame"]["a"].sum(), ROWS * (ROWS - 1) // 2)
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(pasted["curl"], shell=True, cwd=folder, check=True)
            check("the page's snippet for curl", pq.read_table(pathlib.Path(folder) / "cols.parquet").num_rows, ROWS)
    if (NODE / "node_modules").is_dir():
        program = NODE / "web.mjs"
        program.write_text(NODE_PROGRAM)
        said = subprocess.run(["node", program, url], capture_output=True, text=True, check=False)
        check("node: apache-arrow, hyparquet", said.stdout + said.stderr, f"{ROWS} {ROWS * (ROWS - 1) // 2}n t7\n100 7n\n")
    else:
        print(f"--   node: npm install --prefix {NODE} apache-arrow hyparquet")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        write(pathlib.Path(folder))
        with served(folder) as (address, _):
            run(address)
    print(f"{len(failures)} failures")
    sys.exit(1 if failures else 0)
