"""Random tables of real clients through our conversions, compared by the clients themselves.

    clients/run --files 300 --seed 1 --jobs 2
"""

import argparse
import collections
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time

import chains
import tables_arrow
import tables_duckdb
import tables_frame
import tables_numpy
import tables_pandas
import tables_polars
from driver import Driver

CLIENTS = [tables_numpy, tables_frame, tables_pandas, tables_arrow, tables_polars, tables_duckdb]


def plan(seed: int, number: int):
    """The file with this number: its client, table, form and chain."""
    client = CLIENTS[number % len(CLIENTS)]
    rng = random.Random(f"{seed} {number}")
    value = client.make(rng)
    source = rng.choice(client.forms(value))
    return client, value, source, chains.chain(client, value, number // len(CLIENTS), rng)


def attempt(client, value, source, steps, driver, directory) -> chains.Fault | None:
    try:
        chains.run(client, value, source, steps, driver, directory)
    except chains.Fault as fault:
        return fault
    return None


def work(options: argparse.Namespace) -> None:
    """One process: every files-th number of its own; a line of JSON for each."""
    directory = pathlib.Path(options.work) / f"worker{options.worker}"
    directory.mkdir(parents=True, exist_ok=True)
    driver = Driver(directory)
    shrunk: set[str] = set()
    for number in range(options.first, options.files, options.jobs):
        say(start=number)
        client, value, source, steps = plan(options.seed, number)

        def again(*case):
            return attempt(client, *case, driver, directory / "files")

        fault = again(value, source, steps)
        if fault is None:
            continue
        signature = fault.signature
        example = ""
        if options.shrink and signature not in shrunk:
            shrunk.add(signature)
            value, fault = chains.shrink(client, value, source, steps, fault, again)
            again(value, source, steps)
            example = str(pathlib.Path(options.work) / "failures" / str(number))
            shutil.copytree(directory / "files", example, dirs_exist_ok=True)
        say(number=number, client=client.NAME, source=source, steps=steps, fault=str(fault), signature=signature,
            example=example)
    driver.close()


def say(**facts) -> None:
    print(json.dumps(facts), flush=True)


def follow(options: argparse.Namespace, worker: int, faults: list[dict]) -> None:
    """Runs a worker; where its process dies, that is a fault of the file in hand, and the next ones go on."""
    first = worker
    while first < options.files:
        command = [sys.executable, __file__, "--worker", str(worker), "--first", str(first), "--work", options.work,
                   "--files", str(options.files), "--seed", str(options.seed), "--jobs", str(options.jobs)]
        last = None
        with open(os.path.join(options.work, f"worker{worker}.err"), "ab") as errors, subprocess.Popen(
                command + ["--shrink"] * options.shrink, stdout=subprocess.PIPE, stderr=errors, text=True) as process:
            for line in process.stdout:
                facts = json.loads(line)
                if "start" in facts:
                    last = facts["start"]
                else:
                    faults.append(facts)
        if process.returncode == 0:
            return
        at = first if last is None else last
        faults.append({"number": at, "client": CLIENTS[at % len(CLIENTS)].NAME, "source": "", "steps": [],
                       "fault": f"the process ends with {process.returncode}, see {errors.name}", "signature": "process ends",
                       "example": ""})
        first = at + options.jobs


def report(options: argparse.Namespace, faults: list[dict], seconds: float) -> None:
    groups = collections.defaultdict(list)
    for fault in sorted(faults, key=lambda fault: fault["number"]):
        groups[fault["client"], fault["signature"]].append(fault)
    for (client, _), group in sorted(groups.items(), key=lambda item: -len(item[1])):
        shown = next((fault for fault in group if fault["example"]), group[0])
        print(f"{len(group)} x {client}, file {shown['number']}: {shown['source']} -> {' -> '.join(shown['steps'])}\n"
              f"    {shown['fault'][:400]}")
        if shown["example"]:
            print(f"    smallest: {shown['example']}")
    counts = collections.Counter(CLIENTS[number % len(CLIENTS)].NAME for number in range(options.files))
    print(f"{options.files} files with seed {options.seed} "
          f"({', '.join(f'{count} of {name}' for name, count in counts.items())}) in {seconds:.0f} s: "
          f"{len(faults)} with differences")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--work", default=os.path.join(tempfile.gettempdir(), "arrow-npz-clients"))
    parser.add_argument("--shrink", action="store_true", help="make the first table of each kind of fault small")
    parser.add_argument("--only", type=int, help="the file with this number alone")
    parser.add_argument("--worker", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--first", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker is not None:
        work(options)
        return 0
    shutil.rmtree(options.work, ignore_errors=True)
    if options.only is not None:
        options.first, options.files, options.jobs, options.worker = options.only, options.only + 1, 1, 0
        work(options)
        return 0
    os.environ["RUST_BACKTRACE"] = "0"
    os.makedirs(options.work)
    started, faults = time.monotonic(), []
    threads = [threading.Thread(target=follow, args=(options, worker, faults)) for worker in range(options.jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    report(options, faults, time.monotonic() - started)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
