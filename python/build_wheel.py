"""Builds wheel and source archive of one file with Python alone, so that `pip install ./python` needs no network (PEP 517).

    python build_wheel.py DIRECTORY    # both, with the same bytes each time
"""

import base64
import gzip
import hashlib
import io
import os
import re
import sys
import tarfile
import zipfile
from typing import Any, Dict

HERE = os.path.dirname(os.path.abspath(__file__))
NAME = "arrow_npz"


def _read(name: str) -> str:
    with open(os.path.join(HERE, name), encoding="utf-8") as file:
        return file.read()


def _license() -> str:
    """In a source archive it is beside this file, in the project one folder above."""
    return _read("LICENSE" if os.path.exists(os.path.join(HERE, "LICENSE")) else os.path.join("..", "LICENSE"))


def _value(pattern: str, text: str) -> str:
    found = re.search(pattern, text, re.MULTILINE)
    assert found is not None, pattern
    return found.group(1)


def _version() -> str:
    return _value(r'^__version__ = "(.*)"$', _read(f"{NAME}.py"))


def _metadata() -> str:
    project = _read("pyproject.toml")
    lines = ["Metadata-Version: 2.4", "Name: arrow-npz", f"Version: {_version()}"]
    lines.append("Summary: " + _value(r'^description = "(.*)"$', project))
    lines += ["License-Expression: " + _value(r'^license = "(.*)"$', project), "License-File: LICENSE"]
    lines += [f"Classifier: {text}" for text in re.findall(r'^    "(\w.* :: .*)",$', project, re.MULTILINE)]
    url = os.environ.get("RELEASE_URL", "")
    lines += [f"Project-URL: Source, {url}"] if url.startswith("https://") else []
    lines.append("Requires-Python: " + _value(r'^requires-python = "(.*)"$', project))
    dependencies = _value(r"^dependencies = \[(.*)\]", project)
    lines += [f"Requires-Dist: {text}" for text in re.findall(r'"([^"]*)"', dependencies)]
    optional = project.split("[project.optional-dependencies]")[1].split("\n\n")[0]
    for extra, items in re.findall(r"^(\w+) = \[(.*)\]$", optional, re.MULTILINE):
        lines.append(f"Provides-Extra: {extra}")
        lines += [f"Requires-Dist: {text}; extra == '{extra}'" for text in re.findall(r'"([^"]*)"', items)]
    # Links within the project lead nowhere in an index.
    readme = re.sub(r"\[([^\]]*)\]\((?!https:)[^)]*\)", r"\1", _read("README.md"))
    return "\n".join([*lines, "Description-Content-Type: text/markdown"]) + "\n\n" + readme


def build_wheel(directory: str, config_settings: Any = None, metadata_directory: Any = None) -> str:
    info = f"{NAME}-{_version()}.dist-info"
    files = {
        f"{NAME}/__init__.py": _read(f"{NAME}.py"),
        f"{NAME}/py.typed": "",
        f"{info}/licenses/LICENSE": _license(),
        f"{info}/METADATA": _metadata(),
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: build_wheel.py\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    records = []
    for name, text in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
        records.append(f"{name},sha256={digest},{len(text.encode())}")
    files[f"{info}/RECORD"] = "\n".join([*records, f"{info}/RECORD,,"]) + "\n"
    target = f"{NAME}-{_version()}-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(directory, target), "w") as archive:
        for name, text in files.items():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, text, zipfile.ZIP_DEFLATED)
    return target


def build_sdist(directory: str, config_settings: Any = None) -> str:
    files: Dict[str, str] = {name: _read(name) for name in (f"{NAME}.py", "build_wheel.py", "pyproject.toml", "README.md")}
    files["LICENSE"] = _license()
    files["PKG-INFO"] = _metadata()
    root = f"{NAME}-{_version()}"
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, text in files.items():
            entry = tarfile.TarInfo(f"{root}/{name}")
            entry.size = len(text.encode())
            archive.addfile(entry, io.BytesIO(text.encode()))
    with open(os.path.join(directory, f"{root}.tar.gz"), "wb") as file:
        with gzip.GzipFile("", "wb", fileobj=file, mtime=0) as packed:
            packed.write(plain.getvalue())
    return f"{root}.tar.gz"


if __name__ == "__main__":
    os.makedirs(sys.argv[1], exist_ok=True)
    print(build_wheel(sys.argv[1]))
    print(build_sdist(sys.argv[1]))
