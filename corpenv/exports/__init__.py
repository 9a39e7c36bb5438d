"""Runs for other programs: an episode a row as CSV or Parquet, whole runs as JSON lines, logs that Inspect reads.

- `rows`: a row an episode, read from the store's tables; `tables`: CSV and Parquet.
- `runlines`: whole runs, one after the other; `inspectlogs`: `.eval`.
"""

from corpenv.exports.inspectlogs import write_eval
from corpenv.exports.rows import Episodes
from corpenv.exports.runlines import exports_in, write_lines
from corpenv.exports.tables import write_csv, write_parquet

__all__ = ["Episodes", "exports_in", "write_csv", "write_eval", "write_lines", "write_parquet"]
