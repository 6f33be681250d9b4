"""
Threads that run chunks of kernels: one pool a process, in machine code, never unloaded.

The calling thread works too. Which thread runs which chunk changes no result, since chunks write to
places of their own. A call while another one runs is done by its own thread alone. Threads wait
spinning for some microseconds, then asleep. A forked process starts threads of its own.
"""

from __future__ import annotations

import ctypes
from functools import cache

import llvmlite.binding as llvm

from anamc.backends.llvm_ir.machine import Machine, host, initialize

RUN = "anamc_parallel"
"""``void anamc_parallel(part, context, count, grain, threads)`` calls ``part(context, lo, hi)`` over ``[0, count)``."""
PAUSES = {
    "x86_64": ("declare void @llvm.x86.sse2.pause()", "call void @llvm.x86.sse2.pause()"),
    "aarch64": ("declare void @llvm.aarch64.hint(i32)", "call void @llvm.aarch64.hint(i32 1)"),
}
"""What tells a processor that a thread only looks again."""
SPINS = 4000
"""Looks at the next call before a thread goes to sleep: some tens of microseconds."""
STACK = 16 << 20
"""Bytes of a thread's stack: kernels have local arrays."""

TEXT = """
@lock = internal global [128 x i8] zeroinitializer, align 64
@wake = internal global [128 x i8] zeroinitializer, align 64
@epoch = internal global i32 0, align 64
@open = internal global i32 0, align 64
@active = internal global i32 0, align 64
@next = internal global i64 0, align 64
@busy = internal global i32 0, align 64
@sleeping = internal global i32 0
@owner = internal global i32 0
@started = internal global i32 0
@wanted = internal global i32 0
@part = internal global ptr null
@context = internal global ptr null
@count = internal global i64 0
@grain = internal global i64 0

DECLARED
declare i32 @getpid()
declare i32 @sched_yield()
declare i32 @pthread_mutex_init(ptr, ptr)
declare i32 @pthread_mutex_lock(ptr)
declare i32 @pthread_mutex_unlock(ptr)
declare i32 @pthread_cond_init(ptr, ptr)
declare i32 @pthread_cond_wait(ptr, ptr)
declare i32 @pthread_cond_broadcast(ptr)
declare i32 @pthread_attr_init(ptr)
declare i32 @pthread_attr_setstacksize(ptr, i64)
declare i32 @pthread_attr_destroy(ptr)
declare i32 @pthread_create(ptr, ptr, ptr, ptr)
declare i32 @pthread_detach(ptr)

define internal void @ranges() {
entry:
  %part = load ptr, ptr @part
  %context = load ptr, ptr @context
  %count = load i64, ptr @count
  %grain = load i64, ptr @grain
  br label %take
take:
  %k = atomicrmw add ptr @next, i64 1 seq_cst
  %lo = mul i64 %k, %grain
  %done = icmp sge i64 %lo, %count
  br i1 %done, label %end, label %run
run:
  %far = add i64 %lo, %grain
  %less = icmp slt i64 %far, %count
  %hi = select i1 %less, i64 %far, i64 %count
  call void %part(ptr %context, i64 %lo, i64 %hi)
  br label %take
end:
  ret void
}

define internal ptr @worker(ptr %argument) {
entry:
  %both = ptrtoint ptr %argument to i64
  %id = trunc i64 %both to i32
  %high = lshr i64 %both, 32
  %first = trunc i64 %high to i32
  br label %wait
wait:
  %seen = phi i32 [ %first, %entry ], [ %now, %leave ]
  br label %spin
spin:
  %n = phi i32 [ 0, %wait ], [ %more, %again ]
  %e = load atomic i32, ptr @epoch acquire, align 4
  %new = icmp ne i32 %e, %seen
  br i1 %new, label %work, label %again
again:
  PAUSE
  %more = add i32 %n, 1
  %tired = icmp sge i32 %more, SPINS
  br i1 %tired, label %sleep, label %spin
sleep:
  %l = call i32 @pthread_mutex_lock(ptr @lock)
  %s0 = load i32, ptr @sleeping
  %s1 = add i32 %s0, 1
  store i32 %s1, ptr @sleeping
  br label %check
check:
  %f = load atomic i32, ptr @epoch acquire, align 4
  %same = icmp eq i32 %f, %seen
  br i1 %same, label %doze, label %up
doze:
  %w = call i32 @pthread_cond_wait(ptr @wake, ptr @lock)
  br label %check
up:
  %s2 = load i32, ptr @sleeping
  %s3 = sub i32 %s2, 1
  store i32 %s3, ptr @sleeping
  %u = call i32 @pthread_mutex_unlock(ptr @lock)
  br label %work
work:
  %now = load atomic i32, ptr @epoch acquire, align 4
  %a = atomicrmw add ptr @active, i32 1 seq_cst
  %o = load atomic i32, ptr @open seq_cst, align 4
  %isopen = icmp ne i32 %o, 0
  br i1 %isopen, label %mine, label %leave
mine:
  %wanted = load i32, ptr @wanted
  %me = icmp slt i32 %id, %wanted
  br i1 %me, label %go, label %leave
go:
  call void @ranges()
  br label %leave
leave:
  %b = atomicrmw sub ptr @active, i32 1 seq_cst
  br label %wait
}

define internal void @start(i32 %helpers) {
entry:
  %thread = alloca ptr, align 8
  %attr = alloca [128 x i8], align 64
  br label %look
look:
  %n = load i32, ptr @started
  %enough = icmp sge i32 %n, %helpers
  br i1 %enough, label %end, label %make
make:
  %e = load i32, ptr @epoch
  %e64 = zext i32 %e to i64
  %high = shl i64 %e64, 32
  %n64 = zext i32 %n to i64
  %both = or i64 %high, %n64
  %argument = inttoptr i64 %both to ptr
  %i = call i32 @pthread_attr_init(ptr %attr)
  %s = call i32 @pthread_attr_setstacksize(ptr %attr, i64 STACK)
  %c = call i32 @pthread_create(ptr %thread, ptr %attr, ptr @worker, ptr %argument)
  %x = call i32 @pthread_attr_destroy(ptr %attr)
  %ok = icmp eq i32 %c, 0
  br i1 %ok, label %made, label %end
made:
  %t = load ptr, ptr %thread
  %d = call i32 @pthread_detach(ptr %t)
  %more = add i32 %n, 1
  store i32 %more, ptr @started
  br label %look
end:
  ret void
}

define void @anamc_parallel(ptr %part, ptr %context, i64 %count, i64 %grain, i32 %threads) {
entry:
  %short = icmp sle i64 %count, %grain
  %single = icmp sle i32 %threads, 1
  %no = or i1 %short, %single
  br i1 %no, label %alone, label %try
try:
  %pair = cmpxchg ptr @busy, i32 0, i32 1 seq_cst seq_cst
  %free = extractvalue { i32, i1 } %pair, 1
  br i1 %free, label %own, label %alone
alone:
  call void %part(ptr %context, i64 0, i64 %count)
  ret void
own:
  %pid = call i32 @getpid()
  %owner = load i32, ptr @owner
  %ours = icmp eq i32 %pid, %owner
  br i1 %ours, label %ready, label %fresh
fresh:
  store i32 %pid, ptr @owner
  store i32 0, ptr @started
  store i32 0, ptr @active
  store i32 0, ptr @sleeping
  store i32 0, ptr @open
  %mi = call i32 @pthread_mutex_init(ptr @lock, ptr null)
  %ci = call i32 @pthread_cond_init(ptr @wake, ptr null)
  br label %ready
ready:
  %up = add i64 %count, %grain
  %up1 = sub i64 %up, 1
  %parts = sdiv i64 %up1, %grain
  %others = sub i64 %parts, 1
  %t64 = sext i32 %threads to i64
  %t1 = sub i64 %t64, 1
  %fewer = icmp slt i64 %others, %t1
  %h64 = select i1 %fewer, i64 %others, i64 %t1
  %helpers = trunc i64 %h64 to i32
  call void @start(i32 %helpers)
  store ptr %part, ptr @part
  store ptr %context, ptr @context
  store i64 %count, ptr @count
  store i64 %grain, ptr @grain
  store i32 %helpers, ptr @wanted
  store atomic i64 0, ptr @next seq_cst, align 8
  store atomic i32 1, ptr @open seq_cst, align 4
  %l = call i32 @pthread_mutex_lock(ptr @lock)
  %e = load i32, ptr @epoch
  %e1 = add i32 %e, 1
  store atomic i32 %e1, ptr @epoch seq_cst, align 4
  %asleep = load i32, ptr @sleeping
  %any = icmp sgt i32 %asleep, 0
  br i1 %any, label %call, label %called
call:
  %b = call i32 @pthread_cond_broadcast(ptr @wake)
  br label %called
called:
  %u = call i32 @pthread_mutex_unlock(ptr @lock)
  call void @ranges()
  store atomic i32 0, ptr @open seq_cst, align 4
  br label %join
join:
  %n = phi i32 [ 0, %called ], [ %more, %pause ], [ 0, %yield ]
  %a = load atomic i32, ptr @active seq_cst, align 4
  %still = icmp ne i32 %a, 0
  br i1 %still, label %pause, label %end
pause:
  PAUSE
  %more = add i32 %n, 1
  %long = icmp sge i32 %more, SPINS
  br i1 %long, label %yield, label %join
yield:
  %y = call i32 @sched_yield()
  br label %join
end:
  store atomic i32 0, ptr @busy release, align 4
  ret void
}
"""


def pool_text(machine: Machine) -> str:
    """The pool in LLVM IR for a machine."""
    architecture = machine.triple.partition("-")[0].replace("arm64", "aarch64")
    declared, pause = PAUSES.get(architecture, ("", ""))
    return (
        TEXT.replace("DECLARED", declared)
        .replace("PAUSE", pause)
        .replace("SPINS", str(SPINS))
        .replace("STACK", str(STACK))
    )


@cache
def pool_address() -> int:
    """Where `anamc_parallel` starts. Its code stays until the process ends, since threads wait in it."""
    initialize()
    machine = host()
    target = llvm.Target.from_triple(machine.triple).create_target_machine(opt=2, reloc="pic", codemodel="jitdefault")
    linker = llvm.create_lljit_compiler(target)
    library = llvm.JITLibraryBuilder().add_ir(pool_text(machine)).add_current_process().export_symbol(RUN)
    tracker = library.link(linker, "anamc_pool")
    for kept in (linker, tracker):
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(kept))
    return tracker[RUN]
