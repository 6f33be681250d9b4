"""
Looks at what anamc needs and what it can use: Python, packages, LLVM, the processor, C compilers, the cache.

Exit status 0 where everything that anamc needs works, 1 where something does not.
"""

from __future__ import annotations

import argparse

from anamc.cli.session import OK, USER, Report

HELP = "check this machine: packages, LLVM, compilers, cache"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No arguments of its own."""


def run(options: argparse.Namespace, report: Report) -> int:
    """Prints one row a check."""
    from anamc import __version__
    from anamc.cli.health import BAD, MARK, checks

    found = list(checks())
    problems = [c.name for c in found if c.state == BAD]
    report.data |= {
        "version": __version__,
        "checks": [{"name": c.name, "state": c.state, "detail": c.detail} for c in found],
        "problems": problems,
    }
    report.say(f"anamc {__version__}")
    width = max(len(c.name) for c in found)
    for check in found:
        report.say(f"  {MARK[check.state]:<8} {check.name:<{width}}  {check.detail}")
    report.say(f"{len(problems)} problems: {', '.join(problems)}" if problems else "no problems")
    return USER if problems else OK
