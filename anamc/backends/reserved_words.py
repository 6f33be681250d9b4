"""Words that an emitted name must not be: keywords of C, C++ and Fortran, and names of the C library. Lower case."""

from __future__ import annotations

from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.lower().split())


C: Final = _words("""
    auto break case char const continue default do double else enum extern float for goto if inline int long register
    restrict return short signed sizeof static struct switch typedef union unsigned void volatile while
    alignas alignof atomic bool complex constexpr false generic imaginary noreturn nullptr static_assert thread_local
    true typeof typeof_unqual asm fortran
""")
"""C99 to C23, and what their headers make of the words that begin with an underscore."""

CPP: Final = _words("""
    and and_eq asm atomic_cancel atomic_commit atomic_noexcept bitand bitor bool catch char8_t char16_t char32_t class
    co_await co_return co_yield compl concept const_cast consteval constexpr constinit decltype delete dynamic_cast
    explicit export false final friend import module mutable namespace new noexcept not not_eq nullptr operator or or_eq
    override private protected public reflexpr reinterpret_cast requires static_assert static_cast std synchronized
    template this thread_local throw true try typeid typename using virtual wchar_t xor xor_eq
""")
"""C++20."""

FORTRAN: Final = _words("""
    abstract allocatable allocate assign associate asynchronous backspace bind block blockdata call case character class
    close codimension common complex concurrent contains contiguous continue critical cycle data deallocate
    dimension do double doubleprecision elemental else elseif elsewhere end endfile enddo endif entry enum
    enumerator equivalence exit extends external final flush forall format function generic go goto if
    implicit import impure include inquire integer intent interface intrinsic logical module
    namelist nullify open operator optional parameter pause pointer precision
    print private procedure program protected public pure read real recursive return rewind rewrite save select
    selectcase sequence stop submodule subroutine target then type use volatile where while write
""")
"""Fortran 2018: words that statements begin with. The language itself reserves none."""

LIBRARY: Final = _words("""
    abort abs acos acosh aligned_alloc alloca asin asinh assert atan atan2 atanh atexit atof atoi atol bsearch calloc
    cbrt ceil copysign cos cosh errno erf erfc exit exp exp2 expm1 fabs fdim floor fma fmax fmin fmod fpclassify free
    frexp hypot ilogb inf infinity isfinite isinf isnan isnormal labs ldexp lgamma llabs llrint llround log log10 log1p
    log2 logb lrint lround malloc math_errhandling memcmp memcpy memmove memset modf nan nearbyint nextafter nexttoward
    null offsetof pow printf puts qsort rand realloc remainder remquo rint round scalbln scalbn signbit sin sinh
    sprintf sqrt srand stderr stdin stdout strcmp strcpy strlen system tan tanh tgamma trunc
    acosf acoshf asinf asinhf atanf atan2f atanhf cbrtf ceilf copysignf cosf coshf erff erfcf expf exp2f expm1f fabsf
    fdimf floorf fmaf fmaxf fminf fmodf frexpf hypotf ldexpf lgammaf logf log10f log1pf log2f modff nanf nearbyintf
    powf remainderf rintf roundf sinf sinhf sqrtf tanf tanhf tgammaf truncf
    int8_t int16_t int32_t int64_t uint8_t uint16_t uint32_t uint64_t intptr_t uintptr_t ptrdiff_t size_t ssize_t
    size_max huge_val huge_valf float_t double_t linux unix i386 eof bufsiz
""")
"""Functions, types and macros that the emitted files call or that their headers define."""

BUILTIN_FUNCTIONS: Final = _words("""
    j0 j1 jn y0 y1 yn gamma gammaf signgam index rindex ffs bcmp bcopy bzero read write open close link pipe select
    send recv bind connect listen accept time clock signal raise remove rename isalpha isdigit toupper tolower
    cabs carg conj creal cimag cexp clog cpow csin csqrt alarm sleep kill fork execv signalf exp10 pow10 drem
    significand sincos scalb
""")
"""Functions of the wider C library: free for arguments and variables, not for functions of ours."""

FILE: Final = _words("nnodes nedges edgelist params loss main")
"""Names that the emitted files need themselves (semantics.md)."""
