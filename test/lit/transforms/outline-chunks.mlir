// RUN: anamc-opt %s -p outline-chunks | filecheck %s

// What a chunk does is a function with its large arrays as arguments; sums of one vector stay inside.
func.func private @double_blocks(%n: index {anamc.name = "n"}, %x: memref<?xf32> {anamc.name = "x", anamc.access = "read"}, %y: memref<?xf32> {anamc.name = "y", anamc.access = "write"}) attributes {anamc.host_form_of = @double} {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %sixteen = arith.constant 16 : index
  "scf.parallel"(%zero, %n, %one) <{operandSegmentSizes = array<i32: 1, 1, 1, 0>}> ({
  ^bb0(%chunk: index):
    %z = memref.alloca() {anamc.aligned} : memref<64xf32>
    %sum = memref.alloca() {anamc.aligned} : memref<16xf32>
    scf.for %l = %zero to %sixteen step %one {
      %a = memref.load %x[%l] : memref<?xf32>
      memref.store %a, %z[%l] : memref<64xf32>
      memref.store %a, %sum[%l] : memref<16xf32>
      memref.store %a, %y[%l] : memref<?xf32>
    } {anamc.simd}
    scf.reduce
  }) : (index, index, index) -> ()
  // Nothing here is on lanes.
  scf.for %k = %zero to %n step %one {
    %a = memref.load %x[%k] : memref<?xf32>
    memref.store %a, %y[%k] : memref<?xf32>
  }
  func.return
}
// CHECK-LABEL: func.func private @double_rows(
// CHECK-SAME:  %chunk: index, %x: memref<?xf32> {anamc.name = "x", anamc.access = "read"}, %y: memref<?xf32> {{.*}}, %z: memref<64xf32>) attributes {anamc.host_only}
// CHECK:       %sum = memref.alloca() {anamc.aligned} : memref<16xf32>
// CHECK-NEXT:  scf.for %l
// CHECK:         memref.store %a, %z[%l]
// CHECK:       } {anamc.simd}
// CHECK-LABEL: func.func private @double_blocks(
// CHECK:       ^bb0(%chunk: index):
// CHECK-NEXT:    %z = memref.alloca()
// CHECK-NEXT:    func.call @double_rows(%chunk, %x, %y, %z)
// CHECK-NEXT:    scf.reduce
// CHECK:       scf.for %k
// CHECK-NEXT:    memref.load

// Other functions are left alone.
func.func private @double(%n: index, %x: memref<?xf32>, %y: memref<?xf32>) attributes {anamc.kernel} {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  scf.for %k = %zero to %n step %one {
    scf.for %l = %zero to %n step %one {
      %a = memref.load %x[%l] : memref<?xf32>
      memref.store %a, %y[%k] : memref<?xf32>
    } {anamc.simd}
  }
  func.return
}
// CHECK-LABEL: func.func private @double(
// CHECK-NOT:   func.call

// By a plan, chunks of a colour are a loop in a loop: the caller looks up the chunk.
func.func private @sum(%n: index {anamc.name = "n"}, %plan: memref<?xi32> {anamc.name = "plan", anamc.access = "read"}, %y: memref<?xf32> {anamc.name = "y", anamc.access = "update"}) attributes {anamc.kernel, anamc.host_only} {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  scf.for %colour = %zero to %n step %one {
    "scf.parallel"(%zero, %colour, %one) <{operandSegmentSizes = array<i32: 1, 1, 1, 0>}> ({
    ^bb0(%chunk: index):
      %at = arith.addi %chunk, %one : index
      %k = memref.load %plan[%at] : memref<?xi32>
      %found = arith.index_cast %k : i32 to index
      scf.for %l = %zero to %n step %one {
        %a = memref.load %y[%found] : memref<?xf32>
        memref.store %a, %y[%l] : memref<?xf32>
      } {anamc.simd}
      scf.reduce
    }) : (index, index, index) -> ()
  }
  func.return
}
// CHECK-LABEL: func.func private @sum_rows(%chunk: index, %n: index {anamc.name = "n"}, %y: memref<?xf32> {anamc.name = "y", anamc.access = "update"}) attributes {anamc.host_only}
// CHECK-NOT:   plan
// CHECK:         memref.load %y[%chunk]
// CHECK-LABEL: func.func private @sum(
// CHECK:         scf.for %colour
// CHECK:           ^bb0(%[[K:.*]]: index):
// CHECK-NEXT:        %at = arith.addi %[[K]], %one
// CHECK-NEXT:        %k = memref.load %plan[%at]
// CHECK-NEXT:        %[[C:.*]] = arith.index_cast %k
// CHECK-NEXT:        func.call @sum_rows(%[[C]], %n, %y)
// CHECK-NEXT:        scf.reduce

// Where the number of the round is used otherwise too, it stays inside.
func.func private @both(%n: index {anamc.name = "n"}, %plan: memref<?xi32> {anamc.name = "plan", anamc.access = "read"}, %y: memref<?xf32> {anamc.name = "y", anamc.access = "update"}) attributes {anamc.kernel, anamc.host_only} {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  "scf.parallel"(%zero, %n, %one) <{operandSegmentSizes = array<i32: 1, 1, 1, 0>}> ({
  ^bb0(%chunk: index):
    %k = memref.load %plan[%chunk] : memref<?xi32>
    %found = arith.index_cast %k : i32 to index
    scf.for %l = %zero to %n step %one {
      %a = memref.load %y[%found] : memref<?xf32>
      memref.store %a, %y[%chunk] : memref<?xf32>
    } {anamc.simd}
    scf.reduce
  }) : (index, index, index) -> ()
  func.return
}
// CHECK-LABEL: func.func private @both_rows(
// CHECK:         memref.load %plan[%chunk]
