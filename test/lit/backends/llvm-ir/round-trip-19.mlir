// REQUIRES: mlir-opt-19, mlir-translate-19
// RUN: mlir-opt-19 --allow-unregistered-dialect %s -o %t.flat.mlir
// RUN: anamc-opt %s -p convert-parallel-to-for,convert-memref-to-llvm-pointers,add-plain-functions,convert-index-to-i64,convert-math-to-llvm,convert-arith-to-llvm,convert-scf-to-llvm,convert-func-to-llvm | mlir-opt-19 | mlir-translate-19 --mlir-to-llvmir | filecheck %s

// MLIR 19 reads the flat module and the lowered one.
// CHECK: declare double @tanh(double)
// CHECK: define i32 @net_eval(i32 %{{.*}}, ptr noalias nocapture readonly align 8
// CHECK: define internal void @net_fit(
// CHECK: call double @tanh(double
// CHECK: define void @net(
func.func @net_eval(
    %nnodes: i32 {anamc.name = "nnodes"}, %u: memref<?xf64> {anamc.name = "u", anamc.dims = ["nnodes", 1 : index], anamc.access = "read"},
    %y: memref<?xf64> {anamc.name = "y", anamc.dims = ["nnodes", 1 : index], anamc.access = "write"},
    %workspace: memref<?xi8> {anamc.name = "workspace", anamc.access = "workspace"}) -> i32 attributes {anamc.entry = "net"} {
  %zero = arith.constant 0 : i32
  %n = arith.index_cast %nnodes : i32 to index
  func.call @net_fit(%n, %u, %y) : (index, memref<?xf64>, memref<?xf64>) -> ()
  func.return %zero : i32
}
func.func @net_workspace_size(%nnodes: i32 {anamc.name = "nnodes"}) -> i64 attributes {anamc.workspace_of = "net"} {
  %zero = arith.constant 0 : i64
  func.return %zero : i64
}
func.func private @net_fit(%n: index, %u: memref<?xf64> {anamc.access = "read"}, %y: memref<?xf64> {anamc.access = "write"}) attributes {anamc.kernel} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  "scf.parallel"(%c0, %n, %c1) <{operandSegmentSizes = array<i32: 1, 1, 1, 0>}> ({
  ^bb0(%r: index):
    %x = memref.load %u[%r] : memref<?xf64>
    %t = math.tanh %x : f64
    %m = arith.maximumf %t, %x : f64
    memref.store %m, %y[%r] : memref<?xf64>
    "scf.reduce"() : () -> ()
  }) : (index, index, index) -> ()
  func.return
}
