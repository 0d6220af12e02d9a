"""Makes the files beside it: what recipes read, and NumPy's answers. `python make.py`, in this directory.

model.onnx is y = x @ w, its protobuf written field by field (onnx.proto, IR version 8, opset 13).
"""
import numpy as np

rng = np.random.Generator(np.random.PCG64(45))
rows = rng.standard_normal((500, 16)).astype("f4")
weights = rng.standard_normal((16, 4)).astype("f4")
table = {
    "id": np.arange(500, dtype="i8") * 7,
    "price": np.round(rng.uniform(1, 9, 500), 2),
    "city": np.array(["Lyon", "Nice", "Paris", "Brest"])[np.arange(500) % 4],
}
query = 7
far = ((rows.astype("f8") - rows[query]) ** 2).sum(axis=1)
np.save("rows.npy", rows)
np.savez("table.npz", **table)
np.savez(
    "answers.npz",
    product=rows.astype("f8") @ weights.astype("f8"),
    nearest=np.argsort(far)[:10].astype("i8"),
    sums=np.array([table["id"].sum(), table["price"].sum(), table["price"][table["city"] == "Nice"].sum()]),
)


def varint(n):
    return bytes([n]) if n < 128 else bytes([n & 127 | 128]) + varint(n >> 7)


def number(field, n):
    return varint(field << 3) + varint(n)


def part(field, content):
    content = content.encode() if isinstance(content, str) else content
    return varint(field << 3 | 2) + varint(len(content)) + content


def value(name, columns):
    shape = part(1, part(2, "n")) + part(1, number(1, columns))
    return part(1, name) + part(2, part(1, number(1, 1) + part(2, shape)))


w = number(1, 16) + number(1, 4) + number(2, 1) + part(8, "w") + part(9, weights.tobytes())
node = part(1, "x") + part(1, "w") + part(2, "y") + part(4, "MatMul")
graph = part(1, node) + part(2, "g") + part(5, w) + part(11, value("x", 16)) + part(12, value("y", 4))
with open("model.onnx", "wb") as file:
    file.write(number(1, 8) + part(7, graph) + part(8, part(1, "") + number(2, 13)))
