// Two entries, parts of kernels that are serial, workspace in pieces, nested parallel loops, a scalar result, integer
// results, and what is computed or passed but not used.
func.func @net_eval(%n: i32 {anamc.name = "nnodes"}, %m: i32 {anamc.name = "nedges"}, %edges: memref<?xi32> {anamc.name = "edgelist", anamc.dims = ["nedges", 2 : index], anamc.access = "read", anamc.unused}, %params: memref<6xf32> {anamc.name = "params", anamc.dims = [6 : index], anamc.access = "read"}, %u: memref<?xf32> {anamc.name = "u", anamc.dims = ["nnodes", 3 : index], anamc.access = "read"}, %out: memref<?xf32> {anamc.name = "out", anamc.dims = ["nnodes", 3 : index], anamc.access = "write"}, %count: memref<?xi32> {anamc.name = "count", anamc.dims = ["nnodes"], anamc.access = "write"}, %workspace: memref<?xi8> {anamc.name = "workspace", anamc.access = "workspace"}) -> i32 attributes {anamc.entry = "net", anamc.comment = ["A network with corners"]} {
  %size = arith.index_cast %n : i32 to index
  %c0 = arith.constant 0 : index
  %c3 = arith.constant 3 : index
  %c4 = arith.constant 8 : index
  %len = arith.muli %size, %c3 : index
  %dead = arith.addi %len, %c4 : index
  %h = memref.view %workspace[%c0][%len] : memref<?xi8> to memref<?xf32>
  func.call @scale(%size, %params, %u, %h) : (index, memref<6xf32>, memref<?xf32>, memref<?xf32>) -> ()
  %bytes = arith.muli %len, %c4 : index
  %c63 = arith.constant 64 : index
  %blocks = arith.ceildivsi %bytes, %c63 : index
  %offset = arith.muli %blocks, %c63 : index
  %g = memref.view %workspace[%offset][%len] : memref<?xi8> to memref<?xf32>
  func.call @scale(%size, %params, %h, %g) : (index, memref<6xf32>, memref<?xf32>, memref<?xf32>) -> ()
  func.call @shift(%size, %g, %out, %count) : (index, memref<?xf32>, memref<?xf32>, memref<?xi32>) -> ()
  func.call @nothing(%size, %out) : (index, memref<?xf32>) -> ()
  %ok = arith.constant 0 : i32
  func.return %ok : i32
}
func.func @net_workspace_size(%n: i32 {anamc.name = "nnodes"}, %m: i32 {anamc.name = "nedges"}) -> i64 attributes {anamc.workspace_of = "net"} {
  %wide = arith.extsi %n : i32 to i64
  %c = arith.constant 24 : i64
  %bytes = arith.muli %wide, %c : i64
  %c64 = arith.constant 64 : i64
  %blocks = arith.ceildivsi %bytes, %c64 : i64
  %c128 = arith.constant 128 : i64
  %all = arith.muli %blocks, %c128 : i64
  func.return %all : i64
}
func.func @net_loss_eval(%n: i32 {anamc.name = "nnodes"}, %u: memref<?xf32> {anamc.name = "u", anamc.dims = ["nnodes", 3 : index], anamc.access = "read"}, %loss: memref<1xf32> {anamc.name = "loss", anamc.dims = [], anamc.access = "write"}, %workspace: memref<?xi8> {anamc.name = "workspace", anamc.access = "workspace"}) -> i32 attributes {anamc.entry = "net_loss"} {
  %size = arith.index_cast %n : i32 to index
  func.call @total(%size, %u, %loss) : (index, memref<?xf32>, memref<1xf32>) -> ()
  %ok = arith.constant 0 : i32
  func.return %ok : i32
}
func.func @net_loss_workspace_size(%n: i32 {anamc.name = "nnodes"}) -> i64 attributes {anamc.workspace_of = "net_loss"} {
  %none = arith.constant 0 : i64
  func.return %none : i64
}
func.func private @scale(%n: index {anamc.name = "nnodes"}, %params: memref<6xf32> {anamc.name = "params", anamc.dims = [6 : index], anamc.access = "read"}, %u: memref<?xf32> {anamc.name = "u", anamc.dims = ["nnodes", 3 : index], anamc.access = "read"}, %h: memref<?xf32> {anamc.name = "h", anamc.dims = ["nnodes", 3 : index], anamc.access = "write"}) attributes {anamc.kernel, anamc.comment = ["h = u * w", "over two dimensions"]} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %c3 = arith.constant 3 : index
  %w = memref.subview %params[%c2] [3] [1] : memref<6xf32> to memref<3xf32, strided<[1], offset: ?>>
  %unused = memref.subview %params[0] [3] [1] : memref<6xf32> to memref<3xf32, strided<[1]>>
  "scf.parallel"(%c0, %c0, %n, %c3, %c1, %c1) <{operandSegmentSizes = array<i32: 2, 2, 2, 0>}> ({
  ^bb0(%r: index, %j: index):
    %row = arith.muli %r, %c3 : index
    %i = arith.addi %row, %j : index
    %x = memref.load %u[%i] : memref<?xf32>
    %f = memref.load %w[%j] : memref<3xf32, strided<[1], offset: ?>>
    %y = arith.mulf %x, %f : f32
    %dead = math.exp %y : f32
    memref.store %y, %h[%i] : memref<?xf32>
    scf.reduce
  }) : (index, index, index, index, index, index) -> ()
  func.return
}
func.func private @shift(%n: index {anamc.name = "nnodes"}, %g: memref<?xf32> {anamc.name = "g", anamc.dims = ["nnodes", 3 : index], anamc.access = "read"}, %out: memref<?xf32> {anamc.name = "out", anamc.dims = ["nnodes", 3 : index], anamc.access = "write"}, %count: memref<?xi32> {anamc.name = "count", anamc.dims = ["nnodes"], anamc.access = "write"}) attributes {anamc.kernel} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c3 = arith.constant 3 : index
  %half = arith.constant 0.5 : f32
  "scf.parallel"(%c0, %n, %c1) <{operandSegmentSizes = array<i32: 1, 1, 1, 0>}> ({
  ^bb0(%r: index):
    %only = memref.alloca() : memref<2xf32>
    memref.store %half, %only[%c1] : memref<2xf32>
    "scf.parallel"(%c0, %c3, %c1) <{operandSegmentSizes = array<i32: 1, 1, 1, 0>}> ({
    ^bb0(%j: index):
      %row = arith.muli %r, %c3 : index
      %i = arith.addi %row, %j : index
      %x = memref.load %g[%i] : memref<?xf32>
      %y = arith.addf %x, %half : f32
      memref.store %y, %out[%i] : memref<?xf32>
      scf.reduce
    }) : (index, index, index) -> ()
    %lost = scf.for %s = %c0 to %c3 step %c1 iter_args(%a = %half) -> (f32) {
      %b = arith.mulf %a, %half : f32
      scf.yield %b : f32
    }
    %big = arith.cmpi sgt, %r, %c3 : index
    %gone, %kept = scf.if %big -> (f32, i32) {
      %one = arith.constant 1 : i32
      scf.yield %half, %one : f32, i32
    } else {
      %two = arith.constant 2 : i32
      scf.yield %half, %two : f32, i32
    }
    memref.store %kept, %count[%r] : memref<?xi32>
    scf.reduce
  }) : (index, index, index) -> ()
  func.return
}
func.func private @nothing(%n: index {anamc.name = "nnodes"}, %out: memref<?xf32> {anamc.name = "out", anamc.dims = ["nnodes", 3 : index], anamc.access = "update"}) attributes {anamc.kernel} {
  func.return
}
func.func private @never_called(%n: index {anamc.name = "nnodes"}) attributes {anamc.kernel} {
  func.return
}
func.func private @total(%n: index {anamc.name = "nnodes"}, %u: memref<?xf32> {anamc.name = "u", anamc.dims = ["nnodes", 3 : index], anamc.access = "read"}, %loss: memref<1xf32> {anamc.name = "loss", anamc.dims = [], anamc.access = "write"}) attributes {anamc.kernel, anamc.comment = ["sum of squares"]} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c3 = arith.constant 3 : index
  %zero = arith.constant 0.0 : f32
  %all = arith.muli %n, %c3 : index
  %sum = scf.for %i = %c0 to %all step %c1 iter_args(%acc = %zero) -> (f32) {
    %x = memref.load %u[%i] : memref<?xf32>
    %sq = arith.mulf %x, %x : f32
    %next = arith.addf %sq, %acc : f32
    scf.yield %next : f32
  }
  memref.store %sum, %loss[%c0] : memref<1xf32>
  func.return
}
