// RUN: anamc-opt %s -p convert-scf-to-llvm --split-input-file --verify-diagnostics | filecheck %s

// CHECK: convert-scf-to-llvm: cannot convert 'scf.while'
func.func @unknown(%c: i1) {
  "scf.while"() ({
    scf.condition(%c)
  }, {
    scf.yield
  }) : () -> ()
  func.return
}
