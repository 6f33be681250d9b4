// RUN: anamc-opt %s -p merge-functions --split-input-file | filecheck %s

// Functions that differ in names only are one, with the comments of both.
// CHECK-LABEL: func.func private @first(
// CHECK-SAME:    attributes {anamc.kernel, anamc.comment = ["a", "b", "c"]} {
// CHECK-NOT:   @second
// CHECK:       func.func @f
// CHECK-NEXT:    func.call @first(%n, %x)
// CHECK-NEXT:    func.call @first(%n, %y)
func.func private @first(%n: index {anamc.name = "n"}, %x: memref<?xf32> {anamc.name = "x", anamc.dims = ["n"], anamc.access = "write"}) attributes {anamc.kernel, anamc.comment = ["a", "b"]} {
  %c = arith.constant {anamc.block = 1 : i64} 2.0 : f32
  memref.store %c, %x[%n] : memref<?xf32>
  func.return
}
func.func private @second(%m: index {anamc.name = "m"}, %y: memref<?xf32> {anamc.name = "y", anamc.dims = ["m"], anamc.access = "write"}) attributes {anamc.kernel, anamc.comment = ["b", "c"]} {
  %d = arith.constant {anamc.block = 2 : i64} 2.0 : f32
  memref.store %d, %y[%m] : memref<?xf32>
  func.return
}
func.func @f(%n: index, %x: memref<?xf32>, %y: memref<?xf32>) {
  func.call @first(%n, %x) : (index, memref<?xf32>) -> ()
  func.call @second(%n, %y) : (index, memref<?xf32>) -> ()
  func.return
}

// -----

// Where views begin becomes an argument: one for views that keep their distance, none for those that do not move.
// CHECK-LABEL: func.func private @step(
// CHECK-SAME:    %p: memref<99xf32> {anamc.name = "offset"}, %offset: index {anamc.name = "offset_2"}, %offset_1: index {anamc.name = "offset_3"}) {
// CHECK-NEXT:    %w = memref.reinterpret_cast %p to offset: [%offset], sizes: [2, 3], strides: [3, 1] : memref<99xf32> to memref<2x3xf32, strided<[3, 1], offset: ?>>
// CHECK-NEXT:    %[[C:.*]] = arith.constant 6 : index
// CHECK-NEXT:    %[[B:.*]] = arith.addi %offset, %[[C]] : index
// CHECK-NEXT:    %b = memref.reinterpret_cast %p to offset: [%[[B]]], sizes: [3], strides: [1]
// CHECK-NEXT:    %s = memref.reinterpret_cast %p to offset: [90], sizes: [3], strides: [1]
// CHECK-NEXT:    %t = memref.reinterpret_cast %p to offset: [%offset_1], sizes: [3], strides: [1]
// CHECK:       func.func @f
// CHECK-NEXT:    %[[U:.*]] = arith.constant 0 : index
// CHECK-NEXT:    %[[V:.*]] = arith.constant 30 : index
// CHECK-NEXT:    func.call @step(%p, %[[U]], %[[V]]) : (memref<99xf32>, index, index) -> ()
// CHECK-NEXT:    %[[U:.*]] = arith.constant 10 : index
// CHECK-NEXT:    %[[V:.*]] = arith.constant 50 : index
// CHECK-NEXT:    func.call @step(%p, %[[U]], %[[V]]) : (memref<99xf32>, index, index) -> ()
func.func private @step(%p: memref<99xf32> {anamc.name = "offset"}) {
  %w = memref.reinterpret_cast %p to offset: [0], sizes: [2, 3], strides: [3, 1] : memref<99xf32> to memref<2x3xf32, strided<[3, 1]>>
  %b = memref.reinterpret_cast %p to offset: [6], sizes: [3], strides: [1] : memref<99xf32> to memref<3xf32, strided<[1], offset: 6>>
  %s = memref.reinterpret_cast %p to offset: [90], sizes: [3], strides: [1] : memref<99xf32> to memref<3xf32, strided<[1], offset: 90>>
  %t = memref.reinterpret_cast %p to offset: [30], sizes: [3], strides: [1] : memref<99xf32> to memref<3xf32, strided<[1], offset: 30>>
  func.return
}
func.func private @step_2(%p: memref<99xf32> {anamc.name = "p"}) {
  %w = memref.reinterpret_cast %p to offset: [10], sizes: [2, 3], strides: [3, 1] : memref<99xf32> to memref<2x3xf32, strided<[3, 1], offset: 10>>
  %b = memref.reinterpret_cast %p to offset: [16], sizes: [3], strides: [1] : memref<99xf32> to memref<3xf32, strided<[1], offset: 16>>
  %s = memref.reinterpret_cast %p to offset: [90], sizes: [3], strides: [1] : memref<99xf32> to memref<3xf32, strided<[1], offset: 90>>
  %t = memref.reinterpret_cast %p to offset: [50], sizes: [3], strides: [1] : memref<99xf32> to memref<3xf32, strided<[1], offset: 50>>
  func.return
}
func.func @f(%p: memref<99xf32>) {
  func.call @step(%p) : (memref<99xf32>) -> ()
  func.call @step_2(%p) : (memref<99xf32>) -> ()
  func.return
}

// -----

// Launches are calls too; who calls the same is the same.
// CHECK-LABEL: func.func private @rows(
// CHECK-NOT:   @rows_2
// CHECK:       func.func private @kernel(
// CHECK:         kernel.launch @rows(%n) over %n by 1
// CHECK-NOT:   @kernel_2
// CHECK:       func.func @f
// CHECK-NEXT:    func.call @kernel(%n)
// CHECK-NEXT:    func.call @kernel(%n)
func.func private @rows(%n: index, %lo: index, %hi: index) {
  func.return
}
func.func private @kernel(%n: index) {
  kernel.launch @rows(%n) over %n by 1 : (index), index
  func.return
}
func.func private @rows_2(%n: index, %lo: index, %hi: index) {
  func.return
}
func.func private @kernel_2(%n: index) {
  kernel.launch @rows_2(%n) over %n by 1 : (index), index
  func.return
}
func.func @f(%n: index) {
  func.call @kernel(%n) : (index) -> ()
  func.call @kernel_2(%n) : (index) -> ()
  func.return
}

// -----

// CHECK-LABEL: func.func private @no_merge_as_callees_get_other_offsets(
// CHECK:       func.func private @inner(%p: memref<9xf32>, %offset: index)
// CHECK-NOT:   @inner_2
// CHECK:       func.func private @outer(
// CHECK-NEXT:    %[[C:.*]] = arith.constant 1 : index
// CHECK-NEXT:    func.call @inner(%p, %[[C]])
// CHECK:       func.func private @outer_2(
// CHECK-NEXT:    %[[C:.*]] = arith.constant 2 : index
// CHECK-NEXT:    func.call @inner(%p, %[[C]])
func.func private @no_merge_as_callees_get_other_offsets()
func.func private @inner(%p: memref<9xf32>) {
  %b = memref.reinterpret_cast %p to offset: [1], sizes: [3], strides: [1] : memref<9xf32> to memref<3xf32, strided<[1], offset: 1>>
  func.return
}
func.func private @inner_2(%p: memref<9xf32>) {
  %b = memref.reinterpret_cast %p to offset: [2], sizes: [3], strides: [1] : memref<9xf32> to memref<3xf32, strided<[1], offset: 2>>
  func.return
}
func.func private @outer(%p: memref<9xf32>) {
  func.call @inner(%p) : (memref<9xf32>) -> ()
  func.return
}
func.func private @outer_2(%p: memref<9xf32>) {
  func.call @inner_2(%p) : (memref<9xf32>) -> ()
  func.return
}

// -----

// CHECK-LABEL: func.func private @no_merge_as_zeros_have_signs(
// CHECK:       func.func private @second(
func.func private @no_merge_as_zeros_have_signs() -> f32 {
  %c = arith.constant 0.0 : f32
  func.return %c : f32
}
func.func private @second() -> f32 {
  %c = arith.constant -0.0 : f32
  func.return %c : f32
}

// -----

// CHECK-LABEL: func.func private @no_merge_as_operands_differ(
// CHECK:       func.func private @second(
func.func private @no_merge_as_operands_differ(%a: f32, %b: f32) -> f32 {
  %c = arith.subf %a, %b : f32
  func.return %c : f32
}
func.func private @second(%a: f32, %b: f32) -> f32 {
  %c = arith.subf %b, %a : f32
  func.return %c : f32
}

// -----

// CHECK-LABEL: func.func private @no_merge_as_sizes_differ(
// CHECK:       func.func private @second(
func.func private @no_merge_as_sizes_differ(%n: index {anamc.name = "n"}, %m: index {anamc.name = "m"}, %x: memref<?x?xf32> {anamc.name = "x", anamc.dims = ["n", "m"]}) {
  func.return
}
func.func private @second(%n: index {anamc.name = "n"}, %m: index {anamc.name = "m"}, %x: memref<?x?xf32> {anamc.name = "x", anamc.dims = ["m", "n"]}) {
  func.return
}

// -----

// CHECK-LABEL: func.func private @no_merge_as_one_may_write(
// CHECK:       func.func private @second(
func.func private @no_merge_as_one_may_write(%x: memref<?xf32> {anamc.name = "x", anamc.access = "read"}) {
  func.return
}
func.func private @second(%x: memref<?xf32> {anamc.name = "x", anamc.access = "write"}) {
  func.return
}

// -----

// CHECK-LABEL: func.func @no_merge_as_others_may_call_it(
// CHECK:       func.func @second(
// CHECK:       func.func private @third(
func.func @no_merge_as_others_may_call_it() {
  func.return
}
func.func @second() {
  func.return
}
func.func private @third() {
  func.return
}

// -----

// CHECK-LABEL: func.func private @no_merge_as_its_address_is_taken(
// CHECK:       func.func private @second(
func.func private @no_merge_as_its_address_is_taken(%x: f32) {
  func.return
}
func.func private @second(%x: f32) {
  func.return
}
func.func @f() {
  %a = llvm.mlir.addressof @second : !llvm.ptr
  func.return
}
