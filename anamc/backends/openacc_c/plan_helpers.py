"""The C of plans that is the same for all programs: what `plan_layout` and `plans` of the dialects say, in C."""

from __future__ import annotations

from anamc.dialects.plan_layout import COLOURS, FACTOR, LANES, PART
from anamc.dialects.plans import COLUMNS
from anamc.dialects.statuses import BAD_ROW

COLUMN, MIX, HASH, LENGTH, COLOUR = (f"anamc_plan_{n}" for n in ("column", "mix", "hash", "length", "colours"))
NAMES = (COLUMN, MIX, HASH, LENGTH, COLOUR)

TEXT = f"""\
/* One more word in a hash. */
static inline uint64_t {MIX}(uint64_t hash, uint64_t word)
{{
  const uint64_t product = (hash ^ word) * UINT64_C(0x{FACTOR:X});
  return product ^ product >> 32;
}}

/* The hash of a table: a sum over its parts, so that threads may share them. */
static uint64_t {HASH}(const int *table, int64_t length)
{{
  const int64_t parts = (length + {PART - 1}) / {PART};
  uint64_t sum = 0;
  ANAMC_OMP(parallel for schedule(static) reduction(+ : sum) if (parts > 16))
  for (int64_t part = 0; part < parts; ++part) {{
    const int64_t end = length - part * {PART} < {PART} ? length : (part + 1) * {PART};
    uint64_t lanes[{LANES}] = {{0}};
    uint64_t hash = (uint64_t)part + 1;
    int64_t i = part * {PART};
    for (; i + {2 * LANES} <= end; i += {2 * LANES}) {{
      for (int k = 0; k < {LANES}; ++k) {{
        const uint64_t low = (uint32_t)table[i + 2 * k];
        const uint64_t high = (uint32_t)table[i + 2 * k + 1];
        lanes[k] = {MIX}(lanes[k], low | high << 32);
      }}
    }}
    for (int k = 0; i < end && k < {LANES}; ++k) {{
      const uint64_t low = i + 2 * k < end ? (uint32_t)table[i + 2 * k] : 0;
      const uint64_t high = i + 2 * k + 1 < end ? (uint32_t)table[i + 2 * k + 1] : 0;
      lanes[k] = {MIX}(lanes[k], low | high << 32);
    }}
    for (int k = 0; k < {LANES}; ++k) {{
      hash = {MIX}(hash, lanes[k]);
    }}
    sum += hash;
  }}
  return sum;
}}

/* The words of one table of a plan: number of colours, where each begins, chunks in their order. */
static inline int64_t {LENGTH}(int64_t rows, int64_t chunk)
{{
  return {COLUMNS} * ((rows + chunk - 1) / chunk + 1);
}}

/* A column of a table: row r reaches table[start + r * step], a number from 0 to below count; its bits begin at set. */
typedef struct {{
  const int *table;
  int64_t start;
  int64_t step;
  int64_t count;
  int64_t set;
}} {COLUMN};

/*
 * One table of a plan: each chunk of rows has the first of {COLOURS} colours that no earlier one has which it meets.
 * Where that takes more colours, each chunk has its own. Gives 0, or {BAD_ROW} where a number is none of a row.
 */
static int {COLOUR}(const {COLUMN} *columns, int count, int64_t rows, int64_t chunk, int *plan,
    uint64_t *sets, int64_t places, int *colours)
{{
  const int64_t chunks = (rows + chunk - 1) / chunk;
  int64_t next[{COLOURS}];
  int most = 0;
  for (int c = 0; c < count; ++c) {{
    for (int64_t r = 0; r < rows; ++r) {{
      const int row = columns[c].table[columns[c].start + r * columns[c].step];
      if (row < 0 || row >= columns[c].count) {{
        return {BAD_ROW};
      }}
    }}
  }}
  for (int64_t i = 0; i < places; ++i) {{
    sets[i] = 0;
  }}
  for (int64_t i = 0; i < {LENGTH}(rows, chunk); ++i) {{
    plan[i] = 0;
  }}
  for (int64_t k = 0; k < chunks; ++k) {{
    const int64_t end = rows - k * chunk < chunk ? rows : (k + 1) * chunk;
    uint64_t used = 0;
    int colour = 0;
    for (int c = 0; c < count; ++c) {{
      for (int64_t r = k * chunk; r < end; ++r) {{
        used |= sets[columns[c].set + columns[c].table[columns[c].start + r * columns[c].step]];
      }}
    }}
    while (colour < {COLOURS} && (used >> colour & 1) != 0) {{
      ++colour;
    }}
    if (colour == {COLOURS}) {{
      plan[0] = (int)chunks;
      for (int64_t i = 0; i < chunks; ++i) {{
        plan[{COLUMNS} * (i + 1)] = (int)i;
        plan[{COLUMNS} * (i + 1) + 1] = (int)(i + 1);
      }}
      return 0;
    }}
    for (int c = 0; c < count; ++c) {{
      for (int64_t r = k * chunk; r < end; ++r) {{
        sets[columns[c].set + columns[c].table[columns[c].start + r * columns[c].step]] |= (uint64_t)1 << colour;
      }}
    }}
    colours[k] = colour;
    most = colour < most ? most : colour + 1;
  }}
  plan[0] = most;
  for (int64_t k = 0; k < chunks; ++k) {{
    ++plan[{COLUMNS} * (colours[k] + 1) + 1];
  }}
  for (int c = 0; c < most; ++c) {{
    next[c] = plan[{COLUMNS} * c + 1];
    plan[{COLUMNS} * (c + 1) + 1] += plan[{COLUMNS} * c + 1];
  }}
  for (int64_t k = 0; k < chunks; ++k) {{
    plan[{COLUMNS} * (++next[colours[k]])] = (int)k;
  }}
  return 0;
}}
"""
"""What makes plans and hashes of tables."""
