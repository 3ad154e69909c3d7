"""How the embedded database is opened: a recent SQLite where a wheel exists, WAL, immediate transactions, full durability.

SQLite before 3.51.3 can corrupt a WAL file when two connections reset it at once; two defences stand here: the bundled library of
`pysqlite3`, and no automatic checkpoints (the worker alone checkpoints, holding the write lock).
"""

import sys
from pathlib import Path
from typing import Any

PRAGMAS = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
    "PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY; PRAGMA wal_autocheckpoint=0;"
)


def prefer_bundled() -> None:
    """Let `pysqlite3` answer for `sqlite3` where its wheel is installed; otherwise leave the system's library."""
    try:
        import pysqlite3
        import pysqlite3.dbapi2
    except ImportError:
        return
    sys.modules["sqlite3"] = pysqlite3
    sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2


def database(path: Path) -> dict[str, Any]:
    """Django's settings for an embedded database at `path`."""
    return {
        "ENGINE": "sanbao.core.queued_sqlite",
        "NAME": str(path),
        "TEST": {"NAME": ":memory:"},
        "CONN_MAX_AGE": None,
        "OPTIONS": {"timeout": 20, "transaction_mode": "IMMEDIATE", "init_command": PRAGMAS},
    }
