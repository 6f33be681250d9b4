"""LLVM IR as text, and object code for a named machine. `llvmlite` is imported only where code is made."""
