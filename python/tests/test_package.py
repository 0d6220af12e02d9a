"""What pip installs: a wheel that is typed, has the licence, and is the same each time."""

import base64
import hashlib
import importlib.util
import os
import re
import subprocess
import sys
import tarfile
import tempfile
import unittest
import zipfile

HERE = os.path.dirname(os.path.abspath(__file__))
PYTHON = os.path.dirname(HERE)


def build(sources, target):
    subprocess.run([sys.executable, "-B", "build_wheel.py", target], cwd=sources, check=True, capture_output=True)
    names = sorted(os.listdir(target))
    contents = {}
    for name in names:
        with open(os.path.join(target, name), "rb") as file:
            contents[name] = file.read()
    return contents


class PackageTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = tempfile.TemporaryDirectory()
        cls.directory = os.path.join(cls.scratch.name, "first")
        cls.built = build(PYTHON, cls.directory)
        cls.wheel, cls.sdist = (os.path.join(cls.directory, name) for name in cls.built)

    @classmethod
    def tearDownClass(cls):
        cls.scratch.cleanup()

    def test_has_the_version_of_the_poms(self):
        with open(os.path.join(PYTHON, "..", "pom.xml"), encoding="utf-8") as file:
            version = re.search("^  <version>(.*)</version>$", file.read(), re.MULTILINE).group(1)
        self.assertIn(f"arrow_npz-{version.replace('-SNAPSHOT', '.dev0')}-py3-none-any.whl", self.built)

    def test_is_typed_and_has_the_licence(self):
        with zipfile.ZipFile(self.wheel) as archive:
            self.assertIsNone(archive.testzip())
            names = archive.namelist()
            metadata = archive.read(next(name for name in names if name.endswith("METADATA"))).decode()
        self.assertIn("arrow_npz/py.typed", names)
        self.assertTrue(any(name.endswith("licenses/LICENSE") for name in names))
        head, readme = metadata.split("\n\n", 1)
        self.assertIn("Requires-Dist: numpy>=1.22\n", head)
        self.assertIn("Requires-Dist: pyarrow>=16; extra == 'arrow'\n", head)
        self.assertIn("Classifier: Typing :: Typed\n", head)
        self.assertTrue(readme.startswith("# "))
        self.assertNotRegex(readme, r"\]\((?!https:)")

    def test_records_the_digest_of_each_file(self):
        with zipfile.ZipFile(self.wheel) as archive:
            record = next(name for name in archive.namelist() if name.endswith("RECORD"))
            rows = [row.split(",") for row in archive.read(record).decode().splitlines()]
            self.assertEqual([row[0] for row in rows], archive.namelist())
            for name, digest, size in rows[:-1]:
                found = base64.urlsafe_b64encode(hashlib.sha256(archive.read(name)).digest()).rstrip(b"=").decode()
                self.assertEqual((digest, int(size)), (f"sha256={found}", len(archive.read(name))))

    def test_comes_out_the_same_from_the_source_archive(self):
        with tarfile.open(self.sdist) as archive:
            names = archive.getnames()
            root = os.path.commonpath(names)
            for name in names:
                target = os.path.join(self.scratch.name, name)
                os.makedirs(os.path.dirname(target), exist_ok=True)
                with open(target, "wb") as file:
                    file.write(archive.extractfile(name).read())
        again = build(os.path.join(self.scratch.name, root), os.path.join(self.scratch.name, "second"))
        self.assertEqual(self.built, again)

    def test_runs_from_the_wheel(self):
        code = "import sys, arrow_npz; print(arrow_npz.__file__, arrow_npz.__version__)"
        environment = {**os.environ, "PYTHONPATH": self.wheel}
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=self.scratch.name, env=environment, check=True, capture_output=True, text=True
        )
        self.assertIn(os.path.join(self.wheel, "arrow_npz", "__init__.py"), done.stdout)

    @unittest.skipIf(importlib.util.find_spec("mypy") is None, "there is no mypy")
    def test_holds_its_types(self):
        done = subprocess.run([sys.executable, "-m", "mypy", f"--cache-dir={os.devnull}"], cwd=PYTHON, capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stdout)


if __name__ == "__main__":
    unittest.main()
