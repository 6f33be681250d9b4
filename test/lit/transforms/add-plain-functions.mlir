// RUN: anamc-opt %s -p add-plain-functions --split-input-file | filecheck %s

// CHECK:       llvm.func @malloc(i64) -> !llvm.ptr attributes {no_unwind}
// CHECK:       llvm.func @free(!llvm.ptr) attributes {no_unwind}
// CHECK:       func.func @net_eval
func.func @net_eval(
    %nnodes: i32 {anamc.name = "nnodes"}, %u: !llvm.ptr {anamc.name = "u", anamc.dims = ["nnodes", 1 : index], anamc.access = "read", llvm.align = 4 : i64},
    %y: !llvm.ptr {anamc.name = "y", anamc.dims = ["nnodes", 3 : index], anamc.access = "write", llvm.align = 4 : i64},
    %workspace: !llvm.ptr {anamc.name = "workspace", anamc.access = "workspace"}) -> i32 attributes {anamc.entry = "net"} {
  %zero = arith.constant 0 : i32
  func.return %zero : i32
}
func.func @net_workspace_size(%nnodes: i32) -> i64 attributes {anamc.workspace_of = "net"} {
  %zero = arith.constant 0 : i64
  func.return %zero : i64
}
// No attribute of an argument promises anything.
// CHECK:       func.func @net(%[[N:[a-z0-9_]+]]: i32, %[[U:[a-z0-9_]+]]: !llvm.ptr, %[[Y:[a-z0-9_]+]]: !llvm.ptr) {
// CHECK-NEXT:    %[[SIZE:[a-z0-9_]+]] = func.call @net_workspace_size(%[[N]]) : (i32) -> i64
// CHECK:         %[[RAW:[a-z0-9_]+]] = llvm.call @malloc
// CHECK:         %[[STATUS:[a-z0-9_]+]] = scf.if %{{.*}} -> (i32) {
// CHECK:           %[[WORK:[a-z0-9_]+]] = llvm.getelementptr inbounds %[[RAW]][
// CHECK-NEXT:      %[[S:[a-z0-9_]+]] = func.call @net_eval(%[[N]], %[[U]], %[[Y]], %[[WORK]])
// CHECK-NEXT:      llvm.call @free(%[[RAW]])
// CHECK-NEXT:      scf.yield %[[S]]
// CHECK:         } else {
// CHECK:         %[[FAILED:[a-z0-9_]+]] = arith.cmpi ne, %[[STATUS]], %{{.*}} : i32
// CHECK-NEXT:    scf.if %[[FAILED]] {
// CHECK:           func.call @fill_nan_f32(%[[Y]], %{{.*}})
// CHECK-NOT:       func.call @fill_nan
// CHECK:       func.func private @fill_nan_f32
// CHECK-NOT:   @fill_nan_f64

// -----

// CHECK-LABEL: func.func @no_entry
// CHECK-NOT:   malloc
func.func @no_entry() {
  func.return
}
