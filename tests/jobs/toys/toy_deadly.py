"""A kind that kills its process while it is imported, as a broken installation may."""

import os
import sys

if sys.argv[0].endswith("__main__.py"):
    os.kill(os.getpid(), 9)


class Nothing:
    """Never made."""
