"""The conformance files of samples/conformance, read as their manifest says."""

import json
import os
import unittest
from typing import Any, Dict, List

import arrow_npz

try:
    import pyarrow

    import conformance
except ImportError:
    pyarrow = None

FILES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "samples", "conformance")


def manifest() -> List[Dict[str, Any]]:
    with open(os.path.join(FILES, "manifest.jsonl"), encoding="ascii") as file:
        return [json.loads(line) for line in file]


class Conformance(unittest.TestCase):
    def test_there_are_enough_files_and_none_is_large(self) -> None:
        rows = manifest()
        self.assertGreaterEqual(len(rows), 100)
        for row in rows:
            if not row["file"].endswith("/"):
                self.assertLess(os.path.getsize(os.path.join(FILES, row["file"])), 10_000)

    @unittest.skipIf(pyarrow is None, "python3 has no pyarrow: the content of the conformance files is not looked at")
    def test_valid_files_hold_what_their_json_lines_say(self) -> None:
        for row in manifest():
            if "code" not in row:
                with self.subTest(row["file"]):
                    path = os.path.join(FILES, row["file"].rstrip("/"))
                    with open(path + ".jsonl", encoding="ascii") as file:
                        wanted = [json.loads(line) for line in file]
                    found = [json.loads(line) for line in conformance.lines(arrow_npz.to_arrow(path, verify=True))]
                    self.assertEqual(wanted, found)

    @unittest.skipIf(pyarrow is None, "python3 has no pyarrow: invalid Arrow columns are not looked at")
    def test_invalid_files_are_refused_with_the_code_of_their_rule(self) -> None:
        for row in manifest():
            if "code" in row:
                with self.subTest(row["file"]):
                    with self.assertRaises(arrow_npz.NpzError) as refused:
                        arrow_npz.to_arrow(os.path.join(FILES, row["file"]), verify=True)
                    self.assertIn(refused.exception.code, row["code"].split("|"), str(refused.exception))

    def test_arrays_of_valid_files_are_had_with_numpy_alone(self) -> None:
        for row in manifest():
            if "code" not in row:
                with self.subTest(row["file"]), arrow_npz.open(os.path.join(FILES, row["file"])) as archive:
                    for key in archive:
                        self.assertIsNotNone(archive[key].dtype)

    def test_parts_of_lists_have_readable_names(self) -> None:
        with arrow_npz.open(os.path.join(FILES, "packed.npz")) as archive:
            self.assertEqual([0, 2, 3], archive["trip.offsets"].tolist())
            self.assertEqual([10, 11, 12], archive["trip.values"].tolist())
            self.assertEqual([1.5, 2.5, 3.5], archive["fare.values"].tolist())
            self.assertIs(archive["trip.offsets"], archive["fare.offsets"])
            self.assertEqual([1, 2], archive["key"].tolist())
            self.assertEqual(["key", "trip", "fare"], archive.columns)


if __name__ == "__main__":
    unittest.main()
