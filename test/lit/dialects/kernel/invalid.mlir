// RUN: anamc-opt %s --split-input-file --parsing-diagnostics --verify-diagnostics | filecheck %s

// An access too few.
// CHECK: 'kernel.rows' needs one access for each tensor
func.func @f(%n: index, %A: tensor<?x4xf32>) {
  %r = "kernel.rows"(%n, %A, %A) <{read_accesses = [], write_accesses = [[#nest.access<[], affine_map<(d0)[s0] -> (d0)>>]], combiners = ["write"], constant_rows = -1 : i64, operandSegmentSizes = array<i32: 1, 1, 1, 0, 0>}> ({
  ^bb0(%i: index, %a: tensor<4xf32>):
    "kernel.yield"(%a) : (tensor<4xf32>) -> ()
  }) : (index, tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  func.return
}

// -----

// A combiner too few.
// CHECK: 'kernel.rows' needs one combiner for each result
func.func @f(%n: index, %A: tensor<?x4xf32>) {
  %r = "kernel.rows"(%n, %A, %A) <{read_accesses = [#nest.access<[], affine_map<(d0)[s0] -> (d0)>>], write_accesses = [[#nest.access<[], affine_map<(d0)[s0] -> (d0)>>]], combiners = [], constant_rows = -1 : i64, operandSegmentSizes = array<i32: 1, 1, 1, 0, 0>}> ({
  ^bb0(%i: index, %a: tensor<4xf32>):
    "kernel.yield"(%a) : (tensor<4xf32>) -> ()
  }) : (index, tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  func.return
}

// -----

// A combiner that there is not.
// CHECK: 'kernel.rows' has no combiner 'mul'; expected write, add, max
func.func @f(%n: index, %A: tensor<?x4xf32>) {
  %r = "kernel.rows"(%n, %A, %A) <{read_accesses = [#nest.access<[], affine_map<(d0)[s0] -> (d0)>>], write_accesses = [[#nest.access<[], affine_map<(d0)[s0] -> (d0)>>]], combiners = ["mul"], constant_rows = -1 : i64, operandSegmentSizes = array<i32: 1, 1, 1, 0, 0>}> ({
  ^bb0(%i: index, %a: tensor<4xf32>):
    "kernel.yield"(%a) : (tensor<4xf32>) -> ()
  }) : (index, tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  func.return
}

// -----

// No number of rows.
// CHECK: 'kernel.rows' has no number of rows
func.func @f(%n: index, %A: tensor<?x4xf32>) {
  %r = "kernel.rows"(%A, %A) <{read_accesses = [#nest.access<[], affine_map<(d0) -> (d0)>>], write_accesses = [[#nest.access<[], affine_map<(d0) -> (d0)>>]], combiners = ["write"], constant_rows = -1 : i64, operandSegmentSizes = array<i32: 0, 1, 1, 0, 0>}> ({
  ^bb0(%i: index, %a: tensor<4xf32>):
    "kernel.yield"(%a) : (tensor<4xf32>) -> ()
  }) : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  func.return
}

// -----

// Tensors and memrefs.
// CHECK: 'kernel.rows' works on tensors or on memrefs, not on both
func.func @f(%n: index, %A: tensor<?x4xf32>, %t: tensor<?x2xi32>, %F: tensor<5x4xf32>, %M: memref<?x4xf32>, %p: tensor<7xf32>) {
  kernel.rows r = %n read(%A[r] : tensor<?x4xf32>) write(%M[r] : memref<?x4xf32>) {
  ^bb0(%r: index, %a: tensor<4xf32>):
    kernel.yield %a : tensor<4xf32>
  }
  func.return
}

// -----

// More than the leading dimension.
// CHECK: 'kernel.rows' indexes 2 dimensions of tensor<?x4xf32>, at most the first
func.func @f(%n: index, %A: tensor<?x4xf32>, %t: tensor<?x2xi32>, %F: tensor<5x4xf32>, %M: memref<?x4xf32>, %p: tensor<7xf32>) {
  %y = kernel.rows r = %n read(%A[r, 0] : tensor<?x4xf32>) write(%A[r] : tensor<?x4xf32>) {
  ^bb0(%r: index, %a: tensor<4xf32>):
    kernel.yield %a : tensor<4xf32>
  }
  func.return
}

// -----

// A map of two iterators.
// CHECK: 'kernel.rows' access map has 2 iterators and 1 symbols, expected 1 and 1
func.func @f(%n: index, %A: tensor<?x4xf32>) {
  %r = "kernel.rows"(%n, %A, %A) <{read_accesses = [#nest.access<[], affine_map<(d0, d1)[s0] -> (d0)>>], write_accesses = [[#nest.access<[], affine_map<(d0)[s0] -> (d0)>>]], combiners = ["write"], constant_rows = -1 : i64, operandSegmentSizes = array<i32: 1, 1, 1, 0, 0>}> ({
  ^bb0(%i: index, %a: tensor<4xf32>):
    "kernel.yield"(%a) : (tensor<4xf32>) -> ()
  }) : (index, tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  func.return
}

// -----

// A table of floats.
// CHECK: 'kernel.rows' index table must hold integers, got tensor<5x4xf32>
func.func @f(%n: index, %A: tensor<?x4xf32>, %t: tensor<?x2xi32>, %F: tensor<5x4xf32>, %M: memref<?x4xf32>, %p: tensor<7xf32>) {
  %y = kernel.rows r = %n read(%A[%F[r, 0]] : tensor<?x4xf32>) write(%A[r] : tensor<?x4xf32>) {
  ^bb0(%r: index, %a: tensor<4xf32>):
    kernel.yield %a : tensor<4xf32>
  }
  func.return
}

// -----

// Alternatives of a read.
// CHECK: only results of a kernel are reached at several indices ('|')
func.func @f(%n: index, %A: tensor<?x4xf32>, %t: tensor<?x2xi32>, %F: tensor<5x4xf32>, %M: memref<?x4xf32>, %p: tensor<7xf32>) {
  %y = kernel.rows r = %n read(%A[r | r] : tensor<?x4xf32>) write(%A[r] : tensor<?x4xf32>) {
  ^bb0(%r: index, %a: tensor<4xf32>):
    kernel.yield %a : tensor<4xf32>
  }
  func.return
}

// -----

// Rows behind the end.
// CHECK: 'kernel.rows' index 0 runs over 0..5, outside a dimension of size 5
func.func @f(%n: index, %A: tensor<?x4xf32>, %t: tensor<?x2xi32>, %F: tensor<5x4xf32>, %M: memref<?x4xf32>, %p: tensor<7xf32>) {
  %y = kernel.rows r = 6 read(%F[r] : tensor<5x4xf32>) write(%A[r] : tensor<?x4xf32>) {
  ^bb0(%r: index, %a: tensor<4xf32>):
    kernel.yield %a : tensor<4xf32>
  }
  func.return
}

// -----

// A column that the table has not.
// CHECK: 'kernel.rows' index 1 runs over 2..2, outside a dimension of size 2
func.func @f(%n: index, %A: tensor<?x4xf32>, %t: tensor<?x2xi32>, %F: tensor<5x4xf32>, %M: memref<?x4xf32>, %p: tensor<7xf32>) {
  %y = kernel.rows r = %n read(%A[%t[r, 2]] : tensor<?x4xf32>) write(%A[r] : tensor<?x4xf32>) {
  ^bb0(%r: index, %a: tensor<4xf32>):
    kernel.yield %a : tensor<4xf32>
  }
  func.return
}

// -----

// A body that sees the leading dimension.
// CHECK: 'kernel.rows' body takes (index, tensor<4xf32>), got (index, tensor<?x4xf32>)
func.func @f(%n: index, %A: tensor<?x4xf32>, %t: tensor<?x2xi32>, %F: tensor<5x4xf32>, %M: memref<?x4xf32>, %p: tensor<7xf32>) {
  %y = kernel.rows r = %n read(%A[r] : tensor<?x4xf32>) write(%A[r] : tensor<?x4xf32>) {
  ^bb0(%r: index, %a: tensor<?x4xf32>):
    kernel.yield %a : tensor<?x4xf32>
  }
  func.return
}

// -----

// A body without a terminator of kernels.
// CHECK: 'kernel.rows' body must end in kernel.yield
func.func @f(%n: index, %A: tensor<?x4xf32>, %t: tensor<?x2xi32>, %F: tensor<5x4xf32>, %M: memref<?x4xf32>, %p: tensor<7xf32>) {
  %y = kernel.rows r = %n read(%A[r] : tensor<?x4xf32>) write(%A[r] : tensor<?x4xf32>) {
  ^bb0(%r: index, %a: tensor<4xf32>):
    "test.termop"() : () -> ()
  }
  func.return
}

// -----

// A yield of another type.
// CHECK: 'kernel.rows' yields (index), expected (tensor<4xf32>)
func.func @f(%n: index, %A: tensor<?x4xf32>, %t: tensor<?x2xi32>, %F: tensor<5x4xf32>, %M: memref<?x4xf32>, %p: tensor<7xf32>) {
  %y = kernel.rows r = %n read(%A[r] : tensor<?x4xf32>) write(%A[r] : tensor<?x4xf32>) {
  ^bb0(%r: index, %a: tensor<4xf32>):
    kernel.yield %r : index
  }
  func.return
}

// -----

// A yield for one of two indices.
// CHECK: 'kernel.rows' yields (tensor<4xf32>), expected (tensor<4xf32>, tensor<4xf32>)
func.func @f(%n: index, %A: tensor<?x4xf32>, %t: tensor<?x2xi32>, %F: tensor<5x4xf32>, %M: memref<?x4xf32>, %p: tensor<7xf32>) {
  %y = kernel.rows r = %n read(%A[r] : tensor<?x4xf32>) add(%A[r | 0] : tensor<?x4xf32>) {
  ^bb0(%r: index, %a: tensor<4xf32>):
    kernel.yield %a : tensor<4xf32>
  }
  func.return
}

// -----

// Written through a table.
// CHECK: 'kernel.rows' writes through an index that is not known to be injective
func.func @f(%n: index, %A: tensor<?x4xf32>, %t: tensor<?x2xi32>, %F: tensor<5x4xf32>, %M: memref<?x4xf32>, %p: tensor<7xf32>) {
  %y = kernel.rows r = %n read(%A[r] : tensor<?x4xf32>) write(%A[%t[r, 0]] : tensor<?x4xf32>) {
  ^bb0(%r: index, %a: tensor<4xf32>):
    kernel.yield %a : tensor<4xf32>
  }
  func.return
}

// -----

// Written whole by every row.
// CHECK: 'kernel.rows' writes through an index that is not known to be injective
func.func @f(%n: index, %A: tensor<?x4xf32>, %t: tensor<?x2xi32>, %F: tensor<5x4xf32>, %M: memref<?x4xf32>, %p: tensor<7xf32>) {
  %y = kernel.rows r = %n read(%p : tensor<7xf32>) write(%p : tensor<7xf32>) {
  ^bb0(%r: index, %a: tensor<7xf32>):
    kernel.yield %a : tensor<7xf32>
  }
  func.return
}

// -----

// Written at two indices.
// CHECK: 'kernel.rows' writes through an index that is not known to be injective
func.func @f(%n: index, %A: tensor<?x4xf32>, %t: tensor<?x2xi32>, %F: tensor<5x4xf32>, %M: memref<?x4xf32>, %p: tensor<7xf32>) {
  %y = kernel.rows r = %n read(%A[r] : tensor<?x4xf32>) write(%A[r | r + 1] : tensor<?x4xf32>) {
  ^bb0(%r: index, %a: tensor<4xf32>):
    kernel.yield %a, %a : tensor<4xf32>, tensor<4xf32>
  }
  func.return
}

// -----

// A result of another type than its start.
// CHECK: 'kernel.rows' results must have the types of the tensors they start from
func.func @f(%n: index, %A: tensor<?x4xf32>) {
  %r = "kernel.rows"(%n, %A, %A) <{read_accesses = [#nest.access<[], affine_map<(d0)[s0] -> (d0)>>], write_accesses = [[#nest.access<[], affine_map<(d0)[s0] -> (d0)>>]], combiners = ["write"], constant_rows = -1 : i64, operandSegmentSizes = array<i32: 1, 1, 1, 0, 0>}> ({
  ^bb0(%i: index, %a: tensor<4xf32>):
    "kernel.yield"(%a) : (tensor<4xf32>) -> ()
  }) : (index, tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<3x4xf32>
  func.return
}

// -----

// A yield outside of a kernel.
// CHECK: 'kernel.yield' expects parent op 'kernel.rows'
func.func @f() {
  kernel.yield
}

// -----

// Winning iterations are those of nests.
// CHECK: Expected ')'
func.func @f(%n: index, %A: tensor<?xf32>) {
  %r = kernel.rows r = %n max(%A[r] : tensor<?xf32> arg) {
  ^bb0(%i: index):
    %c = arith.constant 1.0 : f32
    %s = tensor.splat %c : tensor<f32>
    kernel.yield %s : tensor<f32>
  }
  func.return
}

// -----

// A plan where no rows meet through a table.
// CHECK: 'kernel.rows' has a plan, but no rows of it meet through a table
func.func @f(%n: index, %x: tensor<?xf32>, %plan: tensor<?x2xi32>) {
  %y = kernel.rows r = %n read(%x[r] : tensor<?xf32>) write(%x[r] : tensor<?xf32>) plan(%plan : tensor<?x2xi32> by 64) {
  ^bb0(%r: index, %v: tensor<f32>):
    kernel.yield %v : tensor<f32>
  }
  func.return
}

// -----

// Rows of different chunks meet in a block of sums.
// CHECK: 'kernel.rows' has a plan, but result 1 meets other than through a table, or in sums of the plan's 64 rows
func.func @f(%n: index, %x: tensor<?xf32>, %t: tensor<?xi32>, %plan: tensor<?x2xi32>) {
  %y, %z = kernel.rows r = %n read(%x[r] : tensor<?xf32>) add(%x[%t[r]] : tensor<?xf32>, %x[r floordiv 128] : tensor<?xf32>) plan(%plan : tensor<?x2xi32> by 64) {
  ^bb0(%r: index, %v: tensor<f32>):
    kernel.yield %v, %v : tensor<f32>, tensor<f32>
  }
  func.return
}

// -----

// CHECK: 'kernel.rows' plan is a table of integers with 2 columns, got tensor<?xi32>
func.func @f(%n: index, %x: tensor<?xf32>, %t: tensor<?xi32>) {
  %y = kernel.rows r = %n read(%x[r] : tensor<?xf32>) add(%x[%t[r]] : tensor<?xf32>) plan(%t : tensor<?xi32> by 64) {
  ^bb0(%r: index, %v: tensor<f32>):
    kernel.yield %v : tensor<f32>
  }
  func.return
}

// -----

// CHECK: 'kernel.rows' plan has chunks of 0 rows, expected 1 or more
func.func @f(%n: index, %x: tensor<?xf32>, %t: tensor<?xi32>, %plan: tensor<?x2xi32>) {
  %y = kernel.rows r = %n read(%x[r] : tensor<?xf32>) add(%x[%t[r]] : tensor<?xf32>) plan(%plan : tensor<?x2xi32> by 0) {
  ^bb0(%r: index, %v: tensor<f32>):
    kernel.yield %v : tensor<f32>
  }
  func.return
}
