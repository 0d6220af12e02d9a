"""Damaged files give an NpzError or a table whose every value can be read: nothing else escapes, nothing crashes."""

import io
import json
import os
import random
import tempfile
import unittest

import numpy as np

import arrow_npz

try:
    import pyarrow

    import make_conformance
except ImportError:
    pyarrow = None

FILES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "samples", "conformance")
ROUNDS = int(os.environ.get("ARROW_NPZ_DAMAGE", "2"))


def valid() -> list:
    with io.open(os.path.join(FILES, "manifest.jsonl"), encoding="ascii") as file:
        rows = [json.loads(line) for line in file]
    return [row["file"] for row in rows if "code" not in row and not row["file"].endswith("/")]


class Damage(unittest.TestCase):
    def outcome(self, path: str) -> None:
        try:
            if pyarrow is not None:
                table = arrow_npz.to_arrow(path)
                for column in table.columns:
                    try:
                        column.to_pylist()
                    except (ValueError, OverflowError, KeyError, pyarrow.ArrowException):
                        pass  # a time beyond Python's own, an interval
            archive = arrow_npz.open(path)
            for name in archive:
                archive[name].tobytes()
        except (arrow_npz.NpzError, KeyError):
            pass

    def test_changed_bytes(self) -> None:
        r = random.Random(1)
        with tempfile.TemporaryDirectory() as directory:
            path = os.path.join(directory, "damaged.npz")
            for name in valid():
                with io.open(os.path.join(FILES, name), "rb") as file:
                    original = file.read()
                for _ in range(ROUNDS):
                    data = bytearray(original)
                    for _ in range(r.choice([1, 1, 3])):
                        data[r.randrange(len(data))] = r.choice([0, 1, 0x7F, 0x80, 0xFF, r.randrange(256)])
                    with io.open(path, "wb") as file:
                        file.write(data[: r.randrange(len(data))] if r.random() < 0.1 else data)
                    with self.subTest(name):
                        self.outcome(path)

    @unittest.skipIf(pyarrow is None, "python3 has no pyarrow: buffers of Arrow columns are not damaged")
    def test_poisoned_buffers(self) -> None:
        r = random.Random(2)
        with tempfile.TemporaryDirectory() as directory:
            path = os.path.join(directory, "poisoned.npz")
            for name in valid():
                members = make_conformance.read(os.path.join(FILES, name))
                arrays = [key for key in members if key.endswith(".npy") and members[key].nbytes]
                for key in arrays:
                    for _ in range(ROUNDS):
                        changed = np.array(members[key], copy=True, order="F")
                        flat = changed.reshape(-1, order="F").view(np.uint8)
                        if r.random() < 0.3:
                            flat[:] = r.choice([0, 1, 0x7F, 0x80, 0xFF])
                        else:
                            flat[r.randrange(len(flat))] = r.choice([0, 1, 2, 0x7F, 0x80, 0xFF, r.randrange(256)])
                        make_conformance.save(path, {**members, key: changed})
                        with self.subTest(f"{name} {key}"):
                            self.outcome(path)

    @unittest.skipIf(pyarrow is None, "python3 has no pyarrow: metadata of Arrow columns are not damaged")
    def test_changed_metadata(self) -> None:
        r = random.Random(3)
        with tempfile.TemporaryDirectory() as directory:
            path = os.path.join(directory, "metadata.npz")
            for name in valid():
                members = make_conformance.read(os.path.join(FILES, name))
                for _ in range(2 * ROUNDS):
                    document = json.loads(members["__meta__.json"])
                    spot = document.get("__arrow__", document)
                    while isinstance(spot, (dict, list)) and spot:
                        key = r.choice(list(spot)) if isinstance(spot, dict) else r.randrange(len(spot))
                        if not isinstance(spot[key], (dict, list)) or not spot[key] or r.random() < 0.2:
                            other = r.choice([None, True, -1, 0, 1, 2, 3, 1 << 31, 1 << 62, 1 << 70, 1.5, "x", [], {}])
                            spot[key] = other
                            break
                        spot = spot[key]
                    make_conformance.save(path, {**members, "__meta__.json": document})
                    with self.subTest(f"{name} {json.dumps(document)}"):
                        self.outcome(path)


if __name__ == "__main__":
    unittest.main()
