"""The tests.

They start a hundred processes, and where Python may not keep bytecode, each of these compiles the
library again, and each worker what pytest makes of the tests. So it is kept while they run.
"""

import os
import sys

sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
