"""Files of StaticFrame, nested-pandas and awkward through this library's formats and back.

The files of nested-pandas and awkward lie in data/, made by make() below; where a library is installed, it judges what
comes back itself, and StaticFrame writes and reads a Bus. Says which of them are not there.

    clients/run --libraries
"""

import importlib
import os
import pathlib
import sys
import tempfile

import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as pq

import compare
from driver import Driver

DATA = pathlib.Path(__file__).parent / "data"
FORMATS = ("npz", "feather", "arrows", "parquet")
NESTED = DATA / "nested_pandas.parquet"
AWKWARD = DATA / "awkward.feather"


def library(name):
    try:
        return importlib.import_module(name)
    except ImportError:
        print(f"{name} is not installed")
        return None


def run(driver, *arguments):
    code, out, err = driver(*arguments)
    assert code == 0, f"{arguments}: {err}"
    return out


def table(path):
    """As pyarrow has it: extensions are those of the files, since awkward registers its own."""
    return pq.read_table(path) if path.suffix == ".parquet" else feather.read_table(path)


def there_and_back(driver, source):
    """What the file is after each format, in its own."""
    for form in FORMATS:
        middle, back = pathlib.Path(f"middle.{form}"), pathlib.Path(f"{form}{source.suffix}")
        run(driver, "convert", source, middle, "--force")
        run(driver, "convert", middle, back, "--force")
        yield form, back


def nested_pandas(driver):
    before = pq.read_table(NESTED)
    assert str(before.schema.field("lc").type) == "struct<t: list<element: double>, band: list<element: string>>"
    npd = library("nested_pandas")
    for form, back in there_and_back(driver, NESTED):
        found = compare.tables(before, pq.read_table(back), parquet=True)
        assert found is None, f"nested-pandas through {form}: {found}"
        if npd:
            frame, expected = npd.read_parquet(back), npd.read_parquet(NESTED)
            assert str(frame["lc"].dtype) == "nested<t: [double], band: [string]>", frame.dtypes
            assert frame["lc"].explode().equals(expected["lc"].explode()), form


def awkward(driver):
    ak = library("awkward")
    before = table(AWKWARD)
    for form, back in there_and_back(driver, AWKWARD):
        after = table(back)
        found = compare.tables(before, after)
        assert found is None, f"awkward through {form}: {found}"
        if ak:
            assert ak.almost_equal(ak.from_arrow(after), ak.from_arrow(before)), form


def static_frame(driver):
    sf = library("static_frame")
    if not sf:
        return
    one = sf.Frame.from_dict({"a": range(3), "b": ("x", "yy", "z")}, name="one")
    two = sf.Frame.from_records(((1.5, 2.5), (3.5, 4.5)), columns=sf.IndexDate(("2020-01-01", "2020-01-02")),
                   index=sf.IndexHierarchy.from_labels((("p", 1), ("p", 2))), name="two")
    bus = sf.Bus.from_dict({"one": one, "two": two, "none": one.rename(None)})
    yarn = sf.Yarn.from_buses((bus, sf.Bus.from_dict({"q": two.rename("q")})), retain_labels=False)
    quilt = sf.Quilt(sf.Bus.from_dict({"s": one.rename("s"), "t": one.rename("t")}), retain_labels=True)

    def same(seen, expected):
        assert seen.equals(expected, compare_name=True, compare_dtype=True, compare_class=True), seen

    # A manifest of StaticFrame's: read by label, and put together to what its own to_zip_npy means.
    for number, frames in enumerate((bus, yarn)):
        manifest, archive = pathlib.Path(f"manifest{number}"), pathlib.Path(f"bus{number}.zip")
        frames.to_manifest(manifest)
        run(driver, "verify", "--level", "content", manifest)
        assert run(driver, "cat", "--frame", "one", manifest).splitlines()[0] == '{"a":0,"b":"x"}'
        run(driver, "bus", manifest, archive)
        theirs = pathlib.Path(f"theirs{number}.zip")
        frames.to_zip_npy(theirs)
        ours = sf.Bus.from_zip_npy(archive)
        assert sorted(ours.index) == sorted(frames.index) == sorted(sf.Bus.from_zip_npy(theirs).index)
        for label in ours.index:
            same(ours[label], frames[label])
    # Archives of StaticFrame's, taken apart into a manifest that it reads. Of a Quilt, its frames.
    for name, frames in (("bus", bus), ("yarn", yarn), ("quilt", quilt._bus)):
        for form in ("npz", "npy"):
            archive, apart = pathlib.Path(f"{name}_{form}.zip"), pathlib.Path(f"{name}_{form}")
            getattr(quilt if name == "quilt" else frames, f"to_zip_{form}")(archive)
            run(driver, "convert", archive, "--to", "npydir", "--out", apart)
            back = sf.Bus.from_manifest(sorted(apart.iterdir()))
            for label in back.index:
                # A frame without a name gets its label in archives of NPZ, from StaticFrame, too.
                seen = back[label].rename(None) if frames[label].name is None and form == "npz" else back[label]
                same(seen, frames[label])


def make():
    """The files in data/, by the libraries themselves."""
    npd, ak = library("nested_pandas"), library("awkward")
    if npd:
        import pandas as pd
        rows = pd.DataFrame({"t": [0.5, 1.5, 2.5], "band": ["g", "r", "g"]}, index=[10, 10, 11])
        npd.NestedFrame({"id": [1, 2]}, index=[10, 11]).join_nested(rows, "lc").to_parquet(NESTED)
    if ak:
        array = ak.Array([{"x": 1, "y": [1.1, None], "z": "a"}, {"x": 2, "y": [], "z": None}])
        feather.write_feather(ak.to_arrow_table(array), AWKWARD, compression="uncompressed")


def main():
    with tempfile.TemporaryDirectory() as work:
        driver = Driver(pathlib.Path(work))
        os.chdir(work)
        for one in (nested_pandas, awkward, static_frame):
            one(driver)
        driver.close()
        os.chdir("/")


if __name__ == "__main__":
    make() if sys.argv[1:] == ["make"] else main()
