"""Machines that code can be made for: triple, CPU, features."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from functools import cache

import llvmlite.binding as llvm

from anamc.errors import ToolError, shown

FOREIGN_FEATURES = "avx10"
"""Host features that LLVM reports and then makes wrong code or none with."""

PROBE = """
import sys
import llvmlite.binding as llvm
llvm.initialize_all_targets()
triple, cpu, features = sys.argv[1:]
llvm.Target.from_triple(triple).create_target_machine(cpu=cpu, features=features)
"""
"""LLVM only prints a line for an unknown CPU or feature and goes on, so a process of its own is asked."""

PROBE_SECONDS = 60

WIDEST = """
define <16 x float> @f(<16 x float> %a, <16 x float> %b, <16 x float> %c) "prefer-vector-width"="512" {
  %s = tail call <16 x float> @llvm.fma.v16f32(<16 x float> %a, <16 x float> %b, <16 x float> %c)
  ret <16 x float> %s
}
declare <16 x float> @llvm.fma.v16f32(<16 x float>, <16 x float>, <16 x float>)
"""
"""What registers it is done with says what vectors a CPU has."""
REGISTERS = {"%zmm": "avx512", "%ymm": "avx2"}


@dataclass(frozen=True)
class Machine:
    """A machine. `features` are sorted and comma-separated, each with `+` or `-`; empty for the CPU's own."""

    triple: str
    cpu: str = "generic"
    features: str = ""

    @property
    def vector_width(self) -> int:
        """Width in bits that vectors should have; 0 for LLVM's choice, which halves what AVX-512 offers."""
        return 512 if vectors_of(self) == "avx512" else 0


@cache
def initialize() -> None:
    """Register all targets of LLVM with their printers."""
    llvm.initialize_all_targets()
    llvm.initialize_all_asmprinters()


@cache
def host() -> Machine:
    """The machine that this process runs on."""
    features = llvm.get_host_cpu_features().flatten().split(",")
    kept = sorted(f for f in features if f and not f[1:].startswith(FOREIGN_FEATURES))
    return Machine(llvm.get_default_triple(), llvm.get_host_cpu_name(), ",".join(kept))


@cache
def vectors_of(machine: Machine) -> str:
    """The name that `schedule-kernels` has for a machine: `avx512`, `avx2` (with fused sums), `neon` or `generic`."""
    initialize()
    triple = machine.triple or host().triple
    if triple.startswith(("aarch64", "arm64")):
        return "neon"
    module = llvm.parse_assembly(WIDEST)
    module.triple = triple
    target = llvm.Target.from_triple(triple).create_target_machine(cpu=machine.cpu, features=machine.features)
    code = target.emit_assembly(module)
    fused = [line for line in code.splitlines() if "vfmadd" in line]
    return next((name for register, name in REGISTERS.items() if any(register in f for f in fused)), "generic")


@cache
def check(machine: Machine) -> None:
    """ToolError where LLVM knows the triple, the CPU or a feature not."""
    initialize()
    try:
        llvm.Target.from_triple(machine.triple)
    except RuntimeError as e:
        raise ToolError(
            "A0750",
            f"unknown target triple '{shown(machine.triple)}'",
            why=shown(e),
            help="use a triple such as x86_64-unknown-linux-gnu or aarch64-unknown-linux-gnu",
        ) from None
    if (machine.cpu in ("", "generic") and not machine.features) or machine == host():
        return
    if complaints := _complaints(machine):
        raise ToolError(
            "A0751",
            f"unknown CPU or feature for '{shown(machine.triple)}'",
            why="\n".join(shown(line) for line in complaints),
            help=f"`llc -mtriple={shown(machine.triple)} -mcpu=help` lists both",
        )


def _complaints(machine: Machine) -> list[str]:
    command = [sys.executable, "-c", PROBE, machine.triple, machine.cpu, machine.features]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=PROBE_SECONDS)
    lines = dict.fromkeys(line for line in done.stderr.splitlines() if "not a recognized" in line)
    return list(lines) if lines or done.returncode == 0 else done.stderr.splitlines()[-1:]
