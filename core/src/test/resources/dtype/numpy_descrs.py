"""Says what NumPy makes of spellings of types: reads a JSON list of strings, writes the list of their descrs, with null
for those that NumPy refuses and "object" for those that hold Python objects."""
import json
import sys
import warnings

import numpy as np
from numpy.lib import format as npy

warnings.simplefilter('ignore')


def descr(spelling):
    try:
        dtype = npy.descr_to_dtype([('a', spelling)])
    except Exception:
        return None
    return 'object' if dtype.hasobject else repr(npy.dtype_to_descr(dtype))


spellings = json.load(sys.stdin)
json.dump({'version': int(np.__version__.split('.')[0]), 'descrs': [descr(one) for one in spellings]}, sys.stdout)
