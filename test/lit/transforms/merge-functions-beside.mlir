// RUN: anamc-opt %s -p 'merge-functions{beside=true}' | filecheck %s

// What a function with plans alone calls joins what others call; those stay apart, as do parts that begin elsewhere.
// CHECK:       func.func private @step(
// CHECK:       func.func private @step_2(
// CHECK:       func.func private @part(
// CHECK-NOT:   @planned_step
// CHECK:       func.func private @planned_part(
// CHECK:       func.func private @planned_own(
// CHECK-NOT:   @planned_own_2
// CHECK:       func.func @f
// CHECK-NEXT:    func.call @step(
// CHECK-NEXT:    func.call @step_2(
// CHECK-NEXT:    func.call @part(
// CHECK:       func.func @f_planned
// CHECK-NEXT:    func.call @step(
// CHECK-NEXT:    func.call @planned_part(
// CHECK-NEXT:    func.call @planned_own(
// CHECK-NEXT:    func.call @planned_own(
func.func private @step(%x: memref<9xf32>) {
  %c = arith.constant 2.0 : f32
  %k = arith.constant 0 : index
  memref.store %c, %x[%k] : memref<9xf32>
  func.return
}
func.func private @step_2(%x: memref<9xf32>) {
  %c = arith.constant 2.0 : f32
  %k = arith.constant 0 : index
  memref.store %c, %x[%k] : memref<9xf32>
  func.return
}
func.func private @part(%x: memref<9xf32>) {
  %p = memref.reinterpret_cast %x to offset: [0], sizes: [3], strides: [1] : memref<9xf32> to memref<3xf32, strided<[1]>>
  func.return
}
func.func private @planned_step(%x: memref<9xf32>) {
  %c = arith.constant 2.0 : f32
  %k = arith.constant 0 : index
  memref.store %c, %x[%k] : memref<9xf32>
  func.return
}
func.func private @planned_part(%x: memref<9xf32>) {
  %p = memref.reinterpret_cast %x to offset: [3], sizes: [3], strides: [1] : memref<9xf32> to memref<3xf32, strided<[1], offset: 3>>
  func.return
}
func.func private @planned_own(%x: memref<9xf32>) {
  %c = arith.constant 3.0 : f32
  %k = arith.constant 0 : index
  memref.store %c, %x[%k] : memref<9xf32>
  func.return
}
func.func private @planned_own_2(%x: memref<9xf32>) {
  %c = arith.constant 3.0 : f32
  %k = arith.constant 0 : index
  memref.store %c, %x[%k] : memref<9xf32>
  func.return
}
func.func @f(%x: memref<9xf32>) {
  func.call @step(%x) : (memref<9xf32>) -> ()
  func.call @step_2(%x) : (memref<9xf32>) -> ()
  func.call @part(%x) : (memref<9xf32>) -> ()
  func.return
}
func.func @f_planned(%x: memref<9xf32>) attributes {anamc.planned = "f"} {
  func.call @planned_step(%x) : (memref<9xf32>) -> ()
  func.call @planned_part(%x) : (memref<9xf32>) -> ()
  func.call @planned_own(%x) : (memref<9xf32>) -> ()
  func.call @planned_own_2(%x) : (memref<9xf32>) -> ()
  func.return
}
