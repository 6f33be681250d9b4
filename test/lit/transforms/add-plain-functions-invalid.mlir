// RUN: anamc-opt %s -p add-plain-functions --split-input-file --verify-diagnostics | filecheck %s

// CHECK: add-plain-functions: 'net_eval' has no function for its workspace size
func.func @net_eval(%workspace: !llvm.ptr) -> i32 attributes {anamc.entry = "net"} {
  %zero = arith.constant 0 : i32
  func.return %zero : i32
}

// -----

// CHECK: add-plain-functions: there is a function 'net' already
func.func @net() {
  func.return
}
func.func @net_eval(%workspace: !llvm.ptr) -> i32 attributes {anamc.entry = "net"} {
  %zero = arith.constant 0 : i32
  func.return %zero : i32
}
func.func @net_workspace_size() -> i64 attributes {anamc.workspace_of = "net"} {
  %zero = arith.constant 0 : i64
  func.return %zero : i64
}

// -----

// CHECK: add-plain-functions: the result 'y' is no array of f32 or f64
func.func @net_eval(%y: !llvm.ptr {anamc.name = "y", anamc.access = "write"}, %workspace: !llvm.ptr) -> i32 attributes {anamc.entry = "net"} {
  %zero = arith.constant 0 : i32
  func.return %zero : i32
}
func.func @net_workspace_size() -> i64 attributes {anamc.workspace_of = "net"} {
  %zero = arith.constant 0 : i64
  func.return %zero : i64
}

// -----

// CHECK: add-plain-functions: the dimension "rows" is no size of the function
func.func @net_eval(%y: !llvm.ptr {anamc.name = "y", anamc.access = "write", anamc.dims = ["rows"], llvm.align = 8 : i64}, %workspace: !llvm.ptr) -> i32 attributes {anamc.entry = "net"} {
  %zero = arith.constant 0 : i32
  func.return %zero : i32
}
func.func @net_workspace_size() -> i64 attributes {anamc.workspace_of = "net"} {
  %zero = arith.constant 0 : i64
  func.return %zero : i64
}

// -----

// CHECK: add-plain-functions: the dimension 2.500000e+00 : f32 is no size of the function
func.func @net_eval(%y: !llvm.ptr {anamc.name = "y", anamc.access = "write", anamc.dims = [2.5 : f32], llvm.align = 8 : i64}, %workspace: !llvm.ptr) -> i32 attributes {anamc.entry = "net"} {
  %zero = arith.constant 0 : i32
  func.return %zero : i32
}
func.func @net_workspace_size() -> i64 attributes {anamc.workspace_of = "net"} {
  %zero = arith.constant 0 : i64
  func.return %zero : i64
}
