func.func @run_network_eval(%nnodes: i32 {anamc.name = "nnodes"}, %nedges: i32 {anamc.name = "nedges"}, %edgelist: memref<?xi32> {anamc.name = "edgelist", anamc.dims = ["nedges", 2 : index], anamc.access = "read"}, %params: memref<13xf32> {anamc.name = "params", anamc.dims = [13 : index], anamc.access = "read"}, %EdgeFeature1: memref<?xf32> {anamc.name = "EdgeFeature1", anamc.dims = ["nedges", 1 : index], anamc.access = "read", anamc.unused}, %u: memref<?xf32> {anamc.name = "u", anamc.dims = ["nnodes", 1 : index], anamc.access = "read"}, %xout3: memref<?xf32> {anamc.name = "xout3", anamc.dims = ["nnodes", 1 : index], anamc.access = "write"}, %workspace: memref<?xi8> {anamc.name = "workspace", anamc.access = "workspace"}) -> i32 attributes {anamc.entry = "run_network"} {
  %zero = arith.constant 0 : i32
  %one = arith.constant 1 : i32
  %neg0 = arith.cmpi slt, %nnodes, %zero : i32
  %neg1 = arith.cmpi slt, %nedges, %zero : i32
  %bad = arith.ori %neg0, %neg1 : i1
  %status = scf.if %bad -> (i32) {
    scf.yield %one : i32
  } else {
    %n = arith.index_cast %nnodes : i32 to index
    %m = arith.index_cast %nedges : i32 to index
    %o0 = arith.constant 0 : index
    %h = memref.view %workspace[%o0][%n] : memref<?xi8> to memref<?xf32>
    func.call @run_network_fit(%n, %params, %u, %h) : (index, memref<13xf32>, memref<?xf32>, memref<?xf32>) -> ()
    func.call @run_network_scatter(%n, %m, %edgelist, %h, %xout3) : (index, index, memref<?xi32>, memref<?xf32>, memref<?xf32>) -> ()
    scf.yield %zero : i32
  }
  func.return %status : i32
}
func.func @run_network_workspace_size(%nnodes: i32 {anamc.name = "nnodes"}, %nedges: i32 {anamc.name = "nedges"}) -> i64 attributes {anamc.workspace_of = "run_network"} {
  %n = arith.extsi %nnodes : i32 to i64
  %eight = arith.constant 8 : i64
  %bytes = arith.muli %n, %eight : i64
  func.return %bytes : i64
}
func.func private @run_network_fit(%nnodes: index {anamc.name = "nnodes"}, %params: memref<13xf32> {anamc.name = "params", anamc.dims = [13 : index], anamc.access = "read"}, %u: memref<?xf32> {anamc.name = "u", anamc.dims = ["nnodes", 1 : index], anamc.access = "read"}, %h: memref<?xf32> {anamc.name = "h", anamc.dims = ["nnodes", 1 : index], anamc.access = "write"}) attributes {anamc.kernel, anamc.comment = ["encoder 'fit' (id 3): nodes, 1 -> 4 -> 1"]} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  %W1 = memref.subview %params[0] [4] [1] : memref<13xf32> to memref<4xf32, strided<[1]>>
  %b1 = memref.subview %params[4] [4] [1] : memref<13xf32> to memref<4xf32, strided<[1], offset: 4>>
  %W2 = memref.subview %params[8] [4] [1] : memref<13xf32> to memref<4xf32, strided<[1], offset: 8>>
  %b2 = memref.subview %params[12] [1] [1] : memref<13xf32> to memref<1xf32, strided<[1], offset: 12>>
  "scf.parallel"(%c0, %nnodes, %c1) <{operandSegmentSizes = array<i32: 1, 1, 1, 0>}> ({
  ^bb0(%r: index):
    %z = memref.alloca() : memref<4xf32>
    scf.for %j = %c0 to %c4 step %c1 {
      %b = memref.load %b1[%j] : memref<4xf32, strided<[1], offset: 4>>
      memref.store %b, %z[%j] : memref<4xf32>
    }
    scf.for %i = %c0 to %c1 step %c1 {
      scf.for %j = %c0 to %c4 step %c1 {
        %ui = arith.addi %r, %i : index
        %x = memref.load %u[%ui] : memref<?xf32>
        %row = arith.muli %i, %c4 : index
        %ij = arith.addi %row, %j : index
        %w = memref.load %W1[%ij] : memref<4xf32, strided<[1]>>
        %p = arith.mulf %x, %w : f32
        %old = memref.load %z[%j] : memref<4xf32>
        %new = arith.addf %old, %p : f32
        memref.store %new, %z[%j] : memref<4xf32>
      }
    }
    scf.for %j = %c0 to %c4 step %c1 {
      %zj = memref.load %z[%j] : memref<4xf32>
      %t = math.tanh %zj : f32
      memref.store %t, %z[%j] : memref<4xf32>
    }
    %b2v = memref.load %b2[%c0] : memref<1xf32, strided<[1], offset: 12>>
    %y = scf.for %i = %c0 to %c4 step %c1 iter_args(%acc = %b2v) -> (f32) {
      %zi = memref.load %z[%i] : memref<4xf32>
      %w = memref.load %W2[%i] : memref<4xf32, strided<[1], offset: 8>>
      %p = arith.mulf %zi, %w : f32
      %next = arith.addf %acc, %p : f32
      scf.yield %next : f32
    }
    memref.store %y, %h[%r] : memref<?xf32>
    scf.reduce
  }) : (index, index, index) -> ()
  func.return
}
func.func private @run_network_scatter(%nnodes: index {anamc.name = "nnodes"}, %nedges: index {anamc.name = "nedges"}, %edgelist: memref<?xi32> {anamc.name = "edgelist", anamc.dims = ["nedges", 2 : index], anamc.access = "read"}, %h: memref<?xf32> {anamc.name = "h", anamc.dims = ["nnodes", 1 : index], anamc.access = "read"}, %a: memref<?xf32> {anamc.name = "xout3", anamc.dims = ["nnodes", 1 : index], anamc.access = "update"}) attributes {anamc.kernel, anamc.comment = ["aggregate 'sum' (id 4): edges to nodes, ++"]} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %f0 = arith.constant 0.0 : f32
  "scf.parallel"(%c0, %nnodes, %c1) <{operandSegmentSizes = array<i32: 1, 1, 1, 0>}> ({
  ^bb0(%n: index):
    memref.store %f0, %a[%n] : memref<?xf32>
    scf.reduce
  }) : (index, index, index) -> ()
  "scf.parallel"(%c0, %nedges, %c1) <{operandSegmentSizes = array<i32: 1, 1, 1, 0>}> ({
  ^bb0(%r: index):
    %two_r = arith.muli %r, %c2 : index
    %l32 = memref.load %edgelist[%two_r] : memref<?xi32>
    %left = arith.index_cast %l32 : i32 to index
    %two_r1 = arith.addi %two_r, %c1 : index
    %r32 = memref.load %edgelist[%two_r1] : memref<?xi32>
    %right = arith.index_cast %r32 : i32 to index
    %v = memref.load %h[%left] : memref<?xf32>
    %v1 = arith.negf %v : f32
    %u0 = "memref.atomic_rmw"(%v1, %a, %left) <{kind = 0 : i64}> : (f32, memref<?xf32>, index) -> f32
    %u1 = "memref.atomic_rmw"(%v, %a, %right) <{kind = 0 : i64}> : (f32, memref<?xf32>, index) -> f32
    scf.reduce
  }) : (index, index, index) -> ()
  func.return
}
