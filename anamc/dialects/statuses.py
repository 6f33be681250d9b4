"""What compiled functions say about a call, as numbers; no dialect is needed to read them."""

FIRST_STATUS = 2
"""The status of a compiled function whose first check of a computed index fails; 1 is for sizes."""
OTHER_PLAN = -1
"""The status of a compiled function that goes by a plan, where that was made for other sizes or tables, or not made."""
BAD_ROW = -2
"""The status of what makes a plan, where a table has a number that is none of a row."""
REPORT = (0, 64, 128, 192)
"""
Where a check leaves its extremes, in bytes of its part of the workspace: the least index, the
iteration that reaches it, the largest index, the iteration that reaches it; each an int64.
"""
REPORT_BYTES = 256
"""Bytes of the workspace that each check has; they begin with the first check."""
