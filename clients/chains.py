"""Chains of conversions: what is written, converted step by step, and judged after each step by the client."""

import pathlib
import random
import re
import shutil

import numpy as np
import pyarrow as pa

import allowed
import yardstick
from driver import Driver

SUFFIXES = {"npy": ".npy", "npz": ".npz", "feather": ".feather", "lz4": ".feather", "zstd": ".feather",
            "stream": ".arrows", "parquet": ".parquet", "flight": ".arrows"}
OPTIONS = {"lz4": ["--compression", "lz4"], "zstd": ["--compression", "zstd"]}
FORMS = ["npz", "feather", "lz4", "zstd", "stream", "parquet", "flight"]
PAIRS = [(one, other) for one in FORMS for other in FORMS]


class Fault(Exception):
    """What went wrong at which step of a chain."""

    def __init__(self, step: str, text: str):
        super().__init__(f"{step}: {text}")
        self.step = step
        self.text = text

    @property
    def signature(self) -> str:
        """The same for faults of one kind."""
        text = re.sub(r"'[^']*'|\"[^\"]*\"|[0-9a-f]{8,}", "…", self.text[:160])
        return f"{self.step}: {re.sub(r'[-0-9.]+', '#', text)}"


def chain(client, value, number: int, rng: random.Random) -> list[str]:
    """The forms after the source's; over 49 numbers each pair of forms follows one another."""
    steps = list(PAIRS[number % len(PAIRS)])
    if steps[-1] not in client.ends(value):
        steps.append(rng.choice(client.ends(value)))
    return steps


def run(client, value, source: str, steps: list[str], driver: Driver, directory: pathlib.Path) -> None:
    """Raises a fault where what comes back is not what was written."""
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    path = directory / f"0{SUFFIXES[source]}"
    client.write(value, path, source)
    expected = yardstick.expectations(client, path)
    before = source
    for number, form in enumerate(steps, 1):
        target = directory / f"{number}{SUFFIXES[form]}"
        name = f"{before} -> {form}"
        fault = step(driver, path, target, form)
        if fault:
            if allowed.refusal(form, fault):
                return
            raise Fault(name, fault)
        fault = judged(client, value, expected.get(yardstick.FAMILIES[target.suffix]), target)
        if fault and not allowed.difference(client.NAME, form, fault):
            raise Fault(name, f"{client.NAME} sees: {fault}")
        path, before = target, form
    code, out, err = driver("verify", "--level", "content", path)
    if code and not allowed.refusal("verify", out):
        raise Fault(f"verify {before}", re.sub(r".*\"message\":", "", out.strip()) or err.strip())


def step(driver: Driver, source: pathlib.Path, target: pathlib.Path, form: str) -> str | None:
    if form != "flight":
        return driver.convert(source, target, *OPTIONS.get(form, []))
    if source.suffix != ".arrows":
        stream = target.with_name(f"{target.stem}put.arrows")
        fault = driver.convert(source, stream)
        if fault:
            return fault
        source = stream
    return driver.through_flight(source, target)


def judged(client, value, expected, path: pathlib.Path) -> str | None:
    try:
        if path.suffix == ".npz" and "npz" not in client.ends(value):
            return arrays_open(path)
        return None if expected is None else client.judge(expected, path)
    except (pa.ArrowException, OSError, ValueError, KeyError, TypeError, NotImplementedError, OverflowError,
            IndexError, AttributeError, *client.ERRORS) as failure:
        return f"{type(failure).__name__}: {failure}"


def arrays_open(path: pathlib.Path) -> str | None:
    """NumPy reads each array of each archive of ours, without pickles."""
    with np.load(path) as archive:
        for name in archive.files:
            archive[name]
    return None


def shrink(client, value, source: str, steps: list[str], fault: Fault, attempt) -> tuple[object, Fault]:
    """The smallest table that still shows it."""
    for _ in range(40):
        for less in client.smaller(value):
            found = attempt(less, source, steps)
            if found is not None and found.signature == fault.signature:
                value, fault = less, found
                break
        else:
            break
    return value, fault
