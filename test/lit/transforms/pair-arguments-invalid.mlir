// RUN: anamc-opt %s -p pair-arguments --split-input-file --parsing-diagnostics --verify-diagnostics | filecheck %s

// An array that there is not.
// CHECK: pair-arguments: @f has no array 'read v' for 'vb'
func.func @f(
  %u: memref<2xf64> {anamc.access = "read", anamc.name = "u"},
  %vb: memref<2xf64> {anamc.access = "write", anamc.name = "vb", anamc.beside = "read v"}
) attributes {anamc.entry = "f"} {
  func.return
}
