"""What the reader and writer promise beside the format."""

import io
import os
import tempfile
import unittest
from typing import Any, List

import numpy as np

import arrow_npz

try:
    import pyarrow as pa
except ImportError:
    pa = None

try:
    import pandas
except ImportError:
    pandas = None


class Reader(unittest.TestCase):
    def setUp(self) -> None:
        self.directory = tempfile.TemporaryDirectory()
        self.addCleanup(self.directory.cleanup)
        self.path = os.path.join(self.directory.name, "a.npz")

    def columns(self) -> Any:
        return {"a": np.arange(1000.0), "b": np.arange(1000.0) * 2, "t": np.array(["x", "yy"] * 500)}

    def test_arrays_are_views_of_the_one_mapping(self) -> None:
        arrow_npz.write(self.columns(), self.path)
        with arrow_npz.open(self.path) as file:
            block, one = file["__blocks_0__"], file["b"]
            self.assertTrue(np.shares_memory(block, one))
            self.assertFalse(block.flags.writeable)
            self.assertEqual(0, block.ctypes.data % 64)
            self.assertTrue(block.flags.f_contiguous)
            self.assertEqual(["a", "b", "t"], file.columns)
        self.assertEqual(1998.0, one[999])

    def test_numpy_and_this_reader_see_the_same_arrays(self) -> None:
        for compress in (False, True):
            arrow_npz.write(self.columns(), self.path, compress)
            with np.load(self.path) as loaded, arrow_npz.open(self.path, verify=True, mmap=False) as file:
                for name in loaded.files:
                    if not name.endswith(".json"):
                        np.testing.assert_array_equal(loaded[name], file[name])

    def test_plain_archives_are_read(self) -> None:
        np.savez(self.path, x=np.arange(3), y=np.array(2.5), z=np.zeros((2, 3, 4)))
        with arrow_npz.open(self.path) as file:
            self.assertEqual(["x", "y", "z"], list(file))
            self.assertEqual(2.5, file["y"])
            self.assertEqual((2, 3, 4), file["z.npy"].shape)
            self.assertRaises(KeyError, lambda: file["w"])

    def test_a_failed_write_leaves_the_old_file(self) -> None:
        arrow_npz.write(self.columns(), self.path)
        with io.open(self.path, "rb") as file:
            before = file.read()
        self.assertRaises(ValueError, arrow_npz.write, {"a": np.zeros(2), "b": np.zeros(3)}, self.path)
        self.assertRaises(ValueError, arrow_npz.write, {"a": np.array([object()])}, self.path)
        with io.open(self.path, "rb") as file:
            self.assertEqual(before, file.read())
        self.assertEqual(["a.npz"], os.listdir(self.directory.name))

    def test_what_is_no_archive_is_an_error_with_code_and_file(self) -> None:
        for content, code in ((b"", "ZIP_STRUCTURE"), (b"hello", "ZIP_STRUCTURE"), (None, "IO")):
            with self.subTest(content):
                if content is None:
                    os.unlink(self.path)
                else:
                    with io.open(self.path, "wb") as file:
                        file.write(content)
                with self.assertRaises(arrow_npz.NpzError) as refused:
                    arrow_npz.open(self.path)
                self.assertEqual((code, self.path), (refused.exception.code, refused.exception.file))

    @unittest.skipIf(pa is None, "python3 has no pyarrow")
    def test_tables_view_the_file_where_the_layout_allows(self) -> None:
        table = pa.table({"f": np.arange(100.0), "l": [[1, 2]] * 100, "s": ["text"] * 100})
        arrow_npz.write(table, self.path)
        before = pa.total_allocated_bytes()
        read = arrow_npz.to_arrow(self.path)
        self.assertTrue(read.equals(table))
        views: List[bool] = [read["f"].chunk(0).buffers()[1].is_mutable, read["l"].chunk(0).buffers()[1].is_mutable]
        self.assertEqual([False, False], views)
        self.assertLess(pa.total_allocated_bytes() - before, 1024)

    @unittest.skipIf(pa is None, "python3 has no pyarrow")
    def test_every_dtype_becomes_the_arrow_type_that_is_meant(self) -> None:
        times = np.array([0, 1, "NaT"], "M8[D]")
        arrays = {
            "b": np.array([True, False, True]), "u": np.array([1, 2, 3], ">u2"), "c": np.array([1j, 2, 3]), "d": times,
            "h": times.astype("M8[h]"), "ps": np.array([1, 2, 3], "m8[ps]"), "s": np.array([b"a", b"", b"bc"]),
            "t": np.array(["\u20ac", "", "bc"]), "n": np.arange(12.0).reshape(3, 2, 2), "far": np.array([1 << 40, 0, 1], "M8[D]"),
            "r": np.array([(1, 2.5), (3, 4.5), (5, 6.5)], [("x", "i4"), ("y", "f8")]),
        }  # fmt: skip
        np.savez(self.path, **arrays)
        table = arrow_npz.to_arrow(self.path)
        types = {field.name: str(field.type) for field in table.schema}
        self.assertEqual("bool uint16 date32[day] timestamp[s] int64 binary string int64".split(),
                         [types[name] for name in ("b", "u", "d", "h", "ps", "s", "t", "far")])
        self.assertEqual([1, 2, 3], table["u"].to_pylist())
        self.assertEqual(["\u20ac", "", "bc"], table["t"].to_pylist())
        self.assertEqual([{"x": 1, "y": 2.5}, {"x": 3, "y": 4.5}, {"x": 5, "y": 6.5}], table["r"].to_pylist())
        self.assertEqual(1, table["d"].null_count)
        self.assertEqual([0.0, 1.0], table["c"].to_pylist()[0])
        self.assertIn("shape=[2,2]", types["n"].replace(" ", ""))

    @unittest.skipIf(pa is None, "python3 has no pyarrow")
    def test_packed_events_are_unpacked(self) -> None:
        arrow_npz.write(pa.table({"key": ["a", "b", "c"], "x": [[1, 2], [], [3]], "y": [[1.5, 2.5], [], [3.5]]}), self.path)
        rows = arrow_npz.unpack(self.path)
        self.assertEqual(["a", "a", "b", "c"], rows["key"].to_pylist())
        self.assertEqual([1, 2, None, 3], rows["x"].to_pylist())
        self.assertEqual([1.5, 2.5, None, 3.5], rows["y"].to_pylist())
        self.assertRaises(ValueError, arrow_npz.unpack, self.path, ["key"])

    @unittest.skipIf(pa is None, "python3 has no pyarrow")
    def test_doubled_names_are_refused(self) -> None:
        table = pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["a", "a"])
        self.assertRaises(ValueError, arrow_npz.write, table, self.path)
        self.assertEqual([], os.listdir(self.directory.name))

    @unittest.skipIf(pa is None or pandas is None, "python3 has no pandas")
    def test_frames_come_back_to_pandas(self) -> None:
        files = os.path.join(os.path.dirname(__file__), "..", "..", "samples", "conformance")
        frame = arrow_npz.to_pandas(os.path.join(files, "hierarchy.npz"))
        self.assertEqual([("a", 1), ("a", 2), ("b", 1)], list(frame.index))
        self.assertEqual(["p", "q"], list(frame.index.names))
        self.assertEqual([("u", 1), ("u", 2)], list(frame.columns))
        self.assertEqual([1.0, 2.0, 3.0], list(frame[("u", 1)]))
        arrow_npz.write(pandas.DataFrame({"a": [1, 2], "b": ["x", None]}), self.path)
        self.assertEqual([1, 2], list(arrow_npz.to_pandas(self.path)["a"]))


if __name__ == "__main__":
    unittest.main()
