"""Makes the folder's scripts importable without installing anything."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.dont_write_bytecode = True
for folder in ("client", "vectors", "tests"):
    sys.path.insert(0, str(ROOT / folder))
