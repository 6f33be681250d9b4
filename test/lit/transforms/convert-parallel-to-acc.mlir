// RUN: anamc-opt %s -p convert-parallel-to-acc --split-input-file | filecheck %s
// RUN: anamc-opt %s -p 'convert-parallel-to-acc{openmp=true}' --split-input-file | filecheck %s --check-prefix=OMP
// RUN: anamc-opt %s -p convert-parallel-to-acc,canonicalize,cse,dce --split-input-file | filecheck %s --check-prefix=KEPT

// A parallel loop, its arrays present, their lengths from anamc.dims and from the type of a subview.
// CHECK-LABEL: func.func private @rows
// CHECK-SAME:    (%[[N:[a-z0-9_]+]]: index
// CHECK:         %[[TWO:.*]] = arith.constant 2 : index
// CHECK:         %[[LENGTH:.*]] = arith.muli %[[N]], %[[TWO]]
// CHECK:         %[[BOUNDS:.*]] = acc.bounds lowerbound({{.*}}) extent(%[[LENGTH]] : index)
// CHECK:         %[[W:.*]] = memref.subview %params[3] [4] [1]
// CHECK:         %[[FOUR:.*]] = arith.constant 4 : index
// CHECK:         acc.bounds lowerbound({{.*}}) extent(%[[FOUR]] : index)
// CHECK:         acc.present varPtr(%[[W]] :
// CHECK:         %[[OUT:.*]] = acc.present varPtr(%h : memref<?xf32>) bounds(%[[BOUNDS]])
// CHECK:         acc.parallel combined(loop) dataOperands(
// CHECK:           acc.loop combined(parallel) gang vector control(%r : index) = ({{.*}}) to (%[[N]] : index)
// CHECK:             memref.store %{{.*}}, %[[OUT]][%r]
// CHECK:           } attributes {independent = [#acc.device_type<none>]}
// CHECK-NOT:     scf.parallel

// OMP-LABEL:   func.func private @rows
// OMP:           attributes {anamc.omp_parallel_for, independent = [#acc.device_type<none>]}

// KEPT-LABEL:  func.func private @rows
// KEPT:          acc.parallel
// KEPT:          memref.store
func.func private @rows(%n: index {anamc.name = "n"}, %params: memref<7xf32> {anamc.name = "params", anamc.dims = [7 : index], anamc.access = "read"}, %h: memref<?xf32> {anamc.name = "h", anamc.dims = ["n", 2 : index], anamc.access = "write"}) attributes {anamc.kernel} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %W = memref.subview %params[3] [4] [1] : memref<7xf32> to memref<4xf32, strided<[1], offset: 3>>
  "scf.parallel"(%c0, %n, %c1) <{operandSegmentSizes = array<i32: 1, 1, 1, 0>}> ({
  ^bb0(%r: index):
    %w = memref.load %W[%c1] : memref<4xf32, strided<[1], offset: 3>>
    memref.store %w, %h[%r] : memref<?xf32>
    scf.reduce
  }) : (index, index, index) -> ()
  func.return
}

// -----

// Rows that meet are added atomically under OpenACC, and stay in order under OpenMP.
// CHECK-LABEL: func.func private @scatter
// CHECK:         acc.parallel
// CHECK:         "memref.atomic_rmw"

// OMP-LABEL:   func.func private @scatter
// OMP:           acc.parallel
// OMP-NOT:       anamc.omp_parallel_for

// KEPT-LABEL:  func.func private @scatter
// KEPT:          acc.parallel
// KEPT:          "memref.atomic_rmw"
func.func private @scatter(%n: index {anamc.name = "n"}, %a: memref<?xf32> {anamc.name = "a", anamc.dims = ["n"], anamc.access = "update"}) attributes {anamc.kernel} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %x = arith.constant 1.0 : f32
  "scf.parallel"(%c0, %n, %c1) <{operandSegmentSizes = array<i32: 1, 1, 1, 0>}> ({
  ^bb0(%r: index):
    %u = "memref.atomic_rmw"(%x, %a, %c0) <{kind = 0 : i64}> : (f32, memref<?xf32>, index) -> f32
    scf.reduce
  }) : (index, index, index) -> ()
  func.return
}

// -----

// Two dimensions collapse; a loop inside a parallel loop stays a loop.
// CHECK-LABEL: func.func private @nested
// CHECK:         acc.loop combined(parallel) gang vector control(%r : index, %j : index) =
// CHECK:           "scf.parallel"
// CHECK:         collapse = [2 : i64]

// OMP-LABEL:   func.func private @nested
// OMP:           anamc.omp_parallel_for
func.func private @nested(%n: index {anamc.name = "n"}, %a: memref<?xf32> {anamc.name = "a", anamc.dims = ["n"], anamc.access = "write"}) attributes {anamc.kernel} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %x = arith.constant 1.0 : f32
  "scf.parallel"(%c0, %c0, %n, %n, %c1, %c1) <{operandSegmentSizes = array<i32: 2, 2, 2, 0>}> ({
  ^bb0(%r: index, %j: index):
    "scf.parallel"(%c0, %n, %c1) <{operandSegmentSizes = array<i32: 1, 1, 1, 0>}> ({
    ^bb1(%k: index):
      memref.store %x, %a[%r] : memref<?xf32>
      scf.reduce
    }) : (index, index, index) -> ()
    scf.reduce
  }) : (index, index, index, index, index, index) -> ()
  func.return
}

// -----

// What stands beside the parallel loops of a kernel and touches memory runs on the device too.
// CHECK-LABEL: func.func private @serial
// CHECK:         %[[LOSS:.*]] = acc.present varPtr(%loss
// CHECK:         acc.serial dataOperands(
// CHECK:           %[[SUM:.*]] = scf.for
// CHECK:           memref.store %[[SUM]], %[[LOSS]]
// CHECK:           acc.yield
func.func private @serial(%n: index {anamc.name = "n"}, %a: memref<?xf32> {anamc.name = "a", anamc.dims = ["n"], anamc.access = "read"}, %loss: memref<1xf32> {anamc.name = "loss", anamc.dims = [], anamc.access = "write"}) attributes {anamc.kernel} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %zero = arith.constant 0.0 : f32
  %sum = scf.for %i = %c0 to %n step %c1 iter_args(%acc = %zero) -> (f32) {
    %x = memref.load %a[%i] : memref<?xf32>
    %next = arith.addf %acc, %x : f32
    scf.yield %next : f32
  }
  memref.store %sum, %loss[%c0] : memref<1xf32>
  func.return
}

// -----

// An entry copies what is read, copies back what is written, and creates the whole workspace.
// CHECK-LABEL: func.func @net_eval
// CHECK:         %[[BYTES:.*]] = func.call @net_workspace_size(%n) : (i32) -> i64
// CHECK:         %[[SPACE:.*]] = acc.bounds lowerbound({{.*}}) extent(%[[BYTES]] : i64)
// CHECK:         memref.view %workspace
// CHECK:         memref.view %workspace
// CHECK:         %[[U:.*]] = acc.copyin varPtr(%u
// CHECK:         %[[Y:.*]] = acc.create varPtr(%y {{.*}}dataClause = #acc<data_clause acc_copyout>
// CHECK:         %[[S:.*]] = acc.copyin varPtr(%s {{.*}}dataClause = #acc<data_clause acc_copy>
// CHECK:         %[[WS:.*]] = acc.create varPtr(%workspace : memref<?xi8>) bounds(%[[SPACE]])
// CHECK-NEXT:    acc.data dataOperands(%[[U]], %[[Y]], %[[S]], %[[WS]] :
// CHECK-NEXT:      func.call @k(%{{.*}}, %[[U]], %{{.*}})
// CHECK-NEXT:      func.call @k(%{{.*}}, %{{.*}}, %{{.*}})
// CHECK-NEXT:      func.call @k(%{{.*}}, %[[S]], %[[Y]])
// CHECK-NEXT:      acc.terminator
// CHECK:         acc.delete accPtr(%[[U]]
// CHECK:         acc.copyout accPtr(%[[Y]] {{.*}} to varPtr(%y
// CHECK:         acc.copyout accPtr(%[[S]]
// CHECK:         acc.delete accPtr(%[[WS]]
func.func @net_eval(%n: i32 {anamc.name = "n"}, %u: memref<?xf32> {anamc.name = "u", anamc.dims = ["n"], anamc.access = "read"}, %y: memref<?xf32> {anamc.name = "y", anamc.dims = ["n"], anamc.access = "write"}, %s: memref<?xf32> {anamc.name = "s", anamc.dims = ["n"], anamc.access = "update"}, %workspace: memref<?xi8> {anamc.name = "workspace", anamc.access = "workspace"}) -> i32 attributes {anamc.entry = "net"} {
  %m = arith.index_cast %n : i32 to index
  %c0 = arith.constant 0 : index
  %c64 = arith.constant 64 : index
  %h = memref.view %workspace[%c0][%m] : memref<?xi8> to memref<?xf32>
  func.call @k(%m, %u, %h) : (index, memref<?xf32>, memref<?xf32>) -> ()
  %g = memref.view %workspace[%c64][%m] : memref<?xi8> to memref<?xf32>
  func.call @k(%m, %h, %g) : (index, memref<?xf32>, memref<?xf32>) -> ()
  func.call @k(%m, %s, %y) : (index, memref<?xf32>, memref<?xf32>) -> ()
  %ok = arith.constant 0 : i32
  func.return %ok : i32
}
func.func @net_workspace_size(%n: i32 {anamc.name = "n"}) -> i64 attributes {anamc.workspace_of = "net"} {
  %bytes = arith.constant 128 : i64
  func.return %bytes : i64
}
func.func private @k(index, memref<?xf32>, memref<?xf32>) -> ()

// -----

// An entry may hold a parallel loop itself.
// CHECK-LABEL: func.func @direct_eval
// CHECK:         %[[Y:.*]] = acc.create varPtr(%y
// CHECK:         acc.data dataOperands(%[[Y]]
// CHECK:           %[[P:.*]] = acc.present varPtr(%[[Y]]
// CHECK:           acc.parallel combined(loop) dataOperands(%[[P]]
func.func @direct_eval(%n: i32 {anamc.name = "n"}, %y: memref<?xf32> {anamc.name = "y", anamc.dims = ["n"], anamc.access = "write"}) attributes {anamc.entry = "direct"} {
  %m = arith.index_cast %n : i32 to index
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %x = arith.constant 1.0 : f32
  "scf.parallel"(%c0, %m, %c1) <{operandSegmentSizes = array<i32: 1, 1, 1, 0>}> ({
  ^bb0(%r: index):
    memref.store %x, %y[%r] : memref<?xf32>
    scf.reduce
  }) : (index, index, index) -> ()
  func.return
}

// -----

// A function that is neither kernel nor entry keeps its serial parts.
// CHECK-LABEL: func.func @plain
// CHECK-NOT:     acc.
// CHECK:         func.return
func.func @plain(%y: memref<4xf32>) {
  %c0 = arith.constant 0 : index
  %x = arith.constant 1.0 : f32
  memref.store %x, %y[%c0] : memref<4xf32>
  func.return
}

// -----

// One data region around a loop that calls kernels: what is on the device stays there from round to round.
// CHECK-LABEL: func.func @loop_eval
// CHECK:         acc.data dataOperands
// CHECK-NEXT:      scf.for
// CHECK-NOT:         acc.data
// CHECK:             func.call @k
// CHECK:           func.call @k
// CHECK-NEXT:      acc.terminator
// CHECK-NOT:     acc.data
func.func @loop_eval(%n: i32 {anamc.name = "n"}, %u: memref<?xf32> {anamc.name = "u", anamc.dims = ["n"], anamc.access = "read"}, %y: memref<?xf32> {anamc.name = "y", anamc.dims = ["n"], anamc.access = "write"}, %workspace: memref<?xi8> {anamc.name = "workspace", anamc.access = "workspace"}) attributes {anamc.entry = "loop"} {
  %m = arith.index_cast %n : i32 to index
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c64 = arith.constant 64 : index
  %at = scf.for %i = %c0 to %m step %c1 iter_args(%a = %c0) -> (index) {
    %h = memref.view %workspace[%a][%m] : memref<?xi8> to memref<?xf32>
    func.call @k(%m, %u, %h) : (index, memref<?xf32>, memref<?xf32>) -> ()
    scf.yield %c64 : index
  }
  %g = memref.view %workspace[%at][%m] : memref<?xi8> to memref<?xf32>
  func.call @k(%m, %g, %y) : (index, memref<?xf32>, memref<?xf32>) -> ()
  func.return
}
func.func @loop_workspace_size(%n: i32 {anamc.name = "n"}) -> i64 attributes {anamc.workspace_of = "loop"} {
  %bytes = arith.constant 128 : i64
  func.return %bytes : i64
}
func.func private @k(index, memref<?xf32>, memref<?xf32>) -> ()
