// RUN: anamc-opt %s -p pair-arguments | filecheck %s

// Each companion stands behind its array, cotangents of results too; sizes stay in front, the workspace at the end.
// CHECK-LABEL: func.func @f_vjp
// CHECK-SAME:    (%n: i32 {{{.*}}}, %u: memref<?xf64> {{{.*}}anamc.name = "u"}, %ub: memref<?xf64> {{{.*}}}, %y: memref<?xf64> {{{.*}}anamc.name = "y"}, %yb: memref<?xf64> {{{.*}}}, %workspace: memref<?xi8> {{{.*}}}) -> i32
// CHECK:         memref.store %{{\w+}}, %ub[%{{\w+}}]
func.func @f_vjp(
  %n: i32 {anamc.name = "n"}, %u: memref<?xf64> {anamc.access = "read", anamc.name = "u"},
  %yb: memref<?xf64> {anamc.access = "read", anamc.name = "yb", anamc.beside = "write y"},
  %y: memref<?xf64> {anamc.access = "write", anamc.name = "y"},
  %ub: memref<?xf64> {anamc.access = "write", anamc.name = "ub", anamc.beside = "read u"},
  %workspace: memref<?xi8> {anamc.access = "workspace", anamc.name = "workspace"}
) -> i32 attributes {anamc.entry = "f_vjp", anamc.companion = ["vjp", "f"]} {
  %ok = arith.constant 0 : i32
  %i = arith.constant 0 : index
  %x = memref.load %yb[%i] : memref<?xf64>
  memref.store %x, %ub[%i] : memref<?xf64>
  func.return %ok : i32
}

// CHECK-LABEL: func.func @no_pairs_as_nothing_stands_beside
// CHECK-SAME:    (%a: memref<2xf64>, %b: memref<2xf64>)
func.func @no_pairs_as_nothing_stands_beside(%a: memref<2xf64>, %b: memref<2xf64>) attributes {anamc.entry = "g"} {
  func.return
}
