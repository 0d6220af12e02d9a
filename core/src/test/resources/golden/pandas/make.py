"""Makes the files beside it, with arrow_npz and pandas."""

import arrow_npz
import pandas as pd

index = pd.MultiIndex.from_tuples([("a", 1), ("a", 2), ("b", 1)], names=["p", None])
frame = pd.DataFrame({0: pd.array([1, None, 3], "Int32"), 1: pd.array([True, None, False], "boolean")}, index=index)
frame.columns = pd.MultiIndex.from_tuples([("u", 1), ("u", 2)], names=["x", "y"])
arrow_npz.write(frame, "hierarchies.npz")

days = pd.DatetimeIndex(["2026-01-02", "2026-01-02", "2026-01-04"], name="day")
arrow_npz.write(pd.DataFrame({"price": [12.5, None, 31.25], "city": ["Lyon", None, "Paris"]}, index=days), "repeated.npz")
