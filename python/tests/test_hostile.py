"""The hostile corpus: no crash, no untyped error, no wrong value."""

import csv
import hashlib
import json
import os
import tempfile
import unittest
import zipfile
import zlib
from typing import Any, Dict, List
from unittest import mock

import numpy as np

import arrow_npz

CORPUS = os.path.join(os.path.dirname(__file__), "..", "..", "core", "src", "test", "resources", "hostile")


def rows() -> List[Dict[str, str]]:
    with open(os.path.join(CORPUS, "manifest.csv"), newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def digest(array: np.ndarray) -> str:
    """SHA-256 of the elements in C order, little-endian, bools as 0 and 1; records as they are stored."""
    plain = np.ascontiguousarray(array)
    if plain.dtype.kind == "b":
        plain = (plain.view("u1") != 0).astype("u1")
    elif plain.dtype.byteorder == ">":
        plain = plain.byteswap() if plain.dtype.names is None else plain
    return hashlib.sha256(plain.tobytes()).hexdigest()


class Linear(unittest.TestCase):
    """B6: what a file costs grows as its bytes do."""

    def setUp(self) -> None:
        self.directory = tempfile.TemporaryDirectory()
        self.addCleanup(self.directory.cleanup)
        self.path = os.path.join(self.directory.name, "a.npz")

    def given(self, array: np.ndarray) -> int:
        """The bytes that zlib is given, and those that it gives, to read the array."""
        np.savez_compressed(self.path, a=array)
        copied = [0]
        make = zlib.decompressobj

        class Counting:
            def __init__(self, *arguments: Any) -> None:
                self.inflater = make(*arguments)

            def decompress(self, data: Any, most: int) -> bytes:
                found = self.inflater.decompress(data, most)
                copied[0] += len(data) + len(found) + len(self.inflater.unconsumed_tail)
                return found

            def __getattr__(self, name: str) -> Any:
                return getattr(self.inflater, name)

        with mock.patch.object(arrow_npz.zlib, "decompressobj", Counting), arrow_npz.open(self.path) as file:
            np.testing.assert_array_equal(array, file["a"])
            self.assertFalse(file["a"].flags.writeable)
        return copied[0]

    def test_inflating_copies_no_byte_often(self) -> None:
        noise = np.random.default_rng(0).integers(0, 256, 8 << 20, "u1")
        for array in (noise, np.zeros(16 << 20, "u1"), np.tile(noise[:5000], 1000)):
            with self.subTest(array[:3]):
                self.assertLess(self.given(array), 4 * array.nbytes)

    def test_metadata_of_one_text_without_end(self) -> None:
        with zipfile.ZipFile(self.path, "w") as file:
            file.writestr("__meta__.json", '{"a": "' + '\\"' * (1 << 20))
        with self.assertRaises(arrow_npz.NpzError) as refused:
            arrow_npz.open(self.path).frame()
        self.assertEqual("META_JSON", refused.exception.code)


class HostileCorpus(unittest.TestCase):
    expected: Dict[str, Any]

    @classmethod
    def setUpClass(cls) -> None:
        with open(os.path.join(CORPUS, "expected.json"), encoding="utf-8") as file:
            cls.expected = json.load(file)

    def read(self, row: Dict[str, str]) -> Any:
        path = os.path.join(CORPUS, row["file"])
        if row["type"] == "npy":
            array = arrow_npz.load_npy(path)
            if array.dtype.kind == "U" and array.size:
                self.texts(array)
            return array
        archive = arrow_npz.open(path, verify=True, inflated=64 << 20)
        if row["type"] == "npz":
            wanted = row["member"]
            names = [n for n in archive.names() if n.endswith(".npy")]
            if row["expectation"] == "reject" and wanted and archive.has(wanted):
                names = [wanted]
            return {name: archive.array(name) for name in names}
        if not archive.has("__meta__.json"):
            raise arrow_npz.NpzError("META_MISSING", "no frame")
        frame = archive.frame()
        return frame.block_columns()[frame.levels :]

    @staticmethod
    def texts(array: np.ndarray) -> None:
        for item in array.reshape(-1)[:1000].view(array.dtype.byteorder + "u4"):
            if int(item) > 0x10FFFF or 0xD800 <= int(item) < 0xE000:
                raise arrow_npz.NpzError("VALUE", "no character")

    def test_every_case_is_as_the_manifest_says(self) -> None:
        for row in rows():
            with self.subTest(row["file"]):
                try:
                    found = self.read(row)
                except arrow_npz.NpzError as e:
                    if row["expectation"] == "accept":
                        self.assertEqual("should", row["grade"], f"{row['file']} is refused: {e}")
                    elif row["grade"] == "must":
                        self.assertIn(e.code, row["error_class"].split("|"), f"{row['file']}: {e}")
                    continue
                if row["expectation"] == "reject":
                    self.assertEqual("should", row["grade"], f"{row['file']} is accepted")
                elif row["type"] == "npy":
                    self.same(row["file"], found, self.expected[row["file"]])
                elif row["type"] == "npz":
                    for name, array in found.items():
                        self.same(row["file"], array, self.expected[row["file"]]["members"].get(name[:-4]))
                else:
                    shape = [len(found[0]) if found else 3, len(found)]
                    self.assertEqual(self.expected[row["file"]]["frame"]["shape"], shape)

    def same(self, key: str, array: np.ndarray, wanted: Any) -> None:
        if wanted is not None and "sha256_c_order_little_endian" in wanted:
            self.assertEqual(wanted["shape"], list(array.shape), key)
            self.assertEqual(wanted["sha256_c_order_little_endian"], digest(array), key)


if __name__ == "__main__":
    unittest.main()
