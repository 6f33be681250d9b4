// Two entries that share a kernel: scf.if with results, iter_args, a local array of a loop, remainders.
func.func @sums_eval(%rows: i32 {anamc.name = "rows"}, %x: memref<?xf32> {anamc.name = "x", anamc.dims = ["rows"], anamc.access = "read"}, %s: memref<?xf32> {anamc.name = "s", anamc.dims = ["rows"], anamc.access = "write"}, %w: memref<?xi8> {anamc.name = "workspace", anamc.access = "workspace"}) -> i32 attributes {anamc.entry = "sums"} {
  %zero = arith.constant 0 : i32
  %n = arith.index_cast %rows : i32 to index
  func.call @prefix(%n, %x, %s) : (index, memref<?xf32>, memref<?xf32>) -> ()
  func.return %zero : i32
}
func.func @sums_workspace_size(%rows: i32 {anamc.name = "rows"}) -> i64 attributes {anamc.workspace_of = "sums"} {
  %none = arith.constant 0 : i64
  func.return %none : i64
}
func.func @twice_eval(%rows: i32 {anamc.name = "rows"}, %x: memref<?xf32> {anamc.name = "x", anamc.dims = ["rows"], anamc.access = "read"}, %s: memref<?xf32> {anamc.name = "s", anamc.dims = ["rows"], anamc.access = "write"}, %w: memref<?xi8> {anamc.name = "workspace", anamc.access = "workspace"}) -> i32 attributes {anamc.entry = "twice"} {
  %zero = arith.constant 0 : i32
  %one = arith.constant 1 : i32
  %o0 = arith.constant 0 : index
  %negative = arith.cmpi slt, %rows, %zero : i32
  %status = scf.if %negative -> (i32) {
    scf.yield %one : i32
  } else {
    %n = arith.index_cast %rows : i32 to index
    %h = memref.view %w[%o0][%n] : memref<?xi8> to memref<?xf32>
    func.call @prefix(%n, %x, %h) : (index, memref<?xf32>, memref<?xf32>) -> ()
    func.call @prefix(%n, %h, %s) : (index, memref<?xf32>, memref<?xf32>) -> ()
    scf.yield %zero : i32
  }
  func.return %status : i32
}
func.func @twice_workspace_size(%rows: i32 {anamc.name = "rows"}) -> i64 attributes {anamc.workspace_of = "twice"} {
  %n = arith.extsi %rows : i32 to i64
  %eight = arith.constant 8 : i64
  %bytes = arith.muli %n, %eight : i64
  func.return %bytes : i64
}
// s[r] = sum of the x[i] with i <= r, those with odd i times -1, through a local pair of even and odd sums.
func.func private @prefix(%rows: index {anamc.name = "rows"}, %x: memref<?xf32> {anamc.name = "x", anamc.dims = ["rows"], anamc.access = "read"}, %s: memref<?xf32> {anamc.name = "s", anamc.dims = ["rows"], anamc.access = "write"}) attributes {anamc.kernel} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %f0 = arith.constant 0.0 : f32
  "scf.parallel"(%c0, %rows, %c1) <{operandSegmentSizes = array<i32: 1, 1, 1, 0>}> ({
  ^bb0(%r: index):
    %pair = memref.alloca() : memref<2xf32>
    scf.for %k = %c0 to %c2 step %c1 {
      memref.store %f0, %pair[%k] : memref<2xf32>
    }
    %end = arith.addi %r, %c1 : index
    %count = scf.for %i = %c0 to %end step %c1 iter_args(%seen = %c0) -> (index) {
      %odd = arith.remsi %i, %c2 : index
      %v = memref.load %x[%i] : memref<?xf32>
      %is_odd = arith.cmpi eq, %odd, %c1 : index
      %signed = scf.if %is_odd -> (f32) {
        %m = arith.negf %v : f32
        scf.yield %m : f32
      } else {
        scf.yield %v : f32
      }
      %old = memref.load %pair[%odd] : memref<2xf32>
      %new = arith.addf %old, %signed : f32
      memref.store %new, %pair[%odd] : memref<2xf32>
      %more = arith.addi %seen, %c1 : index
      scf.yield %more : index
    }
    %a = memref.load %pair[%c0] : memref<2xf32>
    %b = memref.load %pair[%c1] : memref<2xf32>
    %t = arith.addf %a, %b : f32
    memref.store %t, %s[%r] : memref<?xf32>
    scf.reduce
  }) : (index, index, index) -> ()
  func.return
}
