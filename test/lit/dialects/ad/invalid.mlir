// RUN: anamc-opt %s --allow-unregistered-dialect --split-input-file --parsing-diagnostics --verify-diagnostics | filecheck %s

// A policy that there is not.
// CHECK: 'ad.policy' is one of all, sqrt, recompute, binomial, got 'some'
func.func @f() {
  "test.op"() {p = #ad.policy<some>} : () -> ()
  func.return
}

// -----

// A number of states for a policy that takes none.
// CHECK: 'ad.policy' binomial takes the number of states kept, the others take none
func.func @f() {
  "test.op"() {p = #ad.policy<all, 3>} : () -> ()
  func.return
}

// -----

// No number of states.
// CHECK: 'ad.policy' binomial takes the number of states kept, the others take none
func.func @f() {
  "test.op"() {p = #ad.policy<binomial>} : () -> ()
  func.return
}

// -----

// No rule.
// CHECK: 'ad.custom' of @g names neither vjp nor jvp
ad.custom @g
