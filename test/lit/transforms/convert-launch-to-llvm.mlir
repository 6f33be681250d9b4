// RUN: anamc-opt %s -p 'convert-launch-to-llvm{threads=3}' | filecheck %s

// CHECK:       llvm.func @anamc_parallel(!llvm.ptr, !llvm.ptr, i64, i64, i32)
func.func private @k_rows(%x: !llvm.ptr, %s: f32, %lo: i64, %hi: i64) {
  func.return
}
// CHECK-LABEL: func.func @k
// CHECK:         %[[C:.*]] = llvm.alloca %{{.*}} x !llvm.array<2 x i64>
// CHECK-NEXT:    %[[P:.*]] = llvm.getelementptr inbounds %[[C]][0]
// CHECK-NEXT:    llvm.store %x, %[[P]]
// CHECK-NEXT:    %[[Q:.*]] = llvm.getelementptr inbounds %[[C]][1]
// CHECK-NEXT:    llvm.store %s, %[[Q]]
// CHECK-NEXT:    %[[F:.*]] = llvm.mlir.addressof @k_rows_part
// CHECK-NEXT:    %[[G:.*]] = llvm.mlir.constant(7)
// CHECK-NEXT:    %[[T:.*]] = llvm.mlir.constant(3 : i32)
// CHECK-NEXT:    llvm.call @anamc_parallel(%[[F]], %[[C]], %n, %[[G]], %[[T]])
func.func @k(%n: i64, %x: !llvm.ptr, %s: f32) {
  kernel.launch @k_rows(%x, %s) over %n by 7 : (!llvm.ptr, f32), i64
  func.return
}
// CHECK-LABEL: func.func private @k_rows_part
// CHECK:         func.call @k_rows(%{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}) : (!llvm.ptr, f32, i64, i64) -> ()
