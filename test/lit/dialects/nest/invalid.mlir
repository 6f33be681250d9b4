// RUN: anamc-opt %s --split-input-file --parsing-diagnostics --verify-diagnostics | filecheck %s

// An iterator twice.
// CHECK: iterator 'i' stands twice
func.func @f(%n: index, %A: tensor<?xf32>, %t: tensor<?x2xi32>, %F: tensor<5xf32>) {
  %r = nest.map (i = %n, i = 3) add(%A[i] : tensor<?xf32>) {
  ^bb0(%i: index, %j: index):
    %c = arith.constant 1.0 : f32
    nest.yield %c : f32
  }
  func.return
}

// -----

// An iterator that there is not.
// CHECK: 'k' is no iterator of this operation
func.func @f(%n: index, %A: tensor<?xf32>, %t: tensor<?x2xi32>, %F: tensor<5xf32>) {
  %r = nest.map (i = %n) add(%A[k] : tensor<?xf32>) {
  ^bb0(%i: index):
    %c = arith.constant 1.0 : f32
    nest.yield %c : f32
  }
  func.return
}

// -----

// A tensor that is defined nowhere.
// CHECK: value %Z is used before it is defined
func.func @f(%n: index, %A: tensor<?xf32>, %t: tensor<?x2xi32>, %F: tensor<5xf32>) {
  %r = nest.map (i = %n) add(%Z[i] : tensor<?xf32>) {
  ^bb0(%i: index):
    %c = arith.constant 1.0 : f32
    nest.yield %c : f32
  }
  func.return
}

// -----

// A size that is defined nowhere.
// CHECK: value %m is used before it is defined
func.func @f(%n: index, %A: tensor<?xf32>, %t: tensor<?x2xi32>, %F: tensor<5xf32>) {
  %r = nest.map (i = %n) add(%A[i + %m] : tensor<?xf32>) {
  ^bb0(%i: index):
    %c = arith.constant 1.0 : f32
    nest.yield %c : f32
  }
  func.return
}

// -----

// Another type than the tensor's.
// CHECK: this tensor has type tensor<?xf32>, not tensor<4xf32>
func.func @f(%n: index, %A: tensor<?xf32>, %t: tensor<?x2xi32>, %F: tensor<5xf32>) {
  %r = nest.map (i = %n) add(%A[i] : tensor<4xf32>) {
  ^bb0(%i: index):
    %c = arith.constant 1.0 : f32
    nest.yield %c : f32
  }
  func.return
}

// -----

// Several places of one tensor.
// CHECK: only results of a kernel are reached at several indices ('|')
func.func @f(%n: index, %A: tensor<?xf32>, %t: tensor<?x2xi32>, %F: tensor<5xf32>) {
  %r = nest.map (i = %n) add(%A[i | i] : tensor<?xf32>) {
  ^bb0(%i: index):
    %c = arith.constant 1.0 : f32
    nest.yield %c : f32
  }
  func.return
}

// -----

// A product of iterators.
// CHECK: an index is multiplied by constants only
func.func @f(%n: index, %A: tensor<?xf32>, %t: tensor<?x2xi32>, %F: tensor<5xf32>) {
  %r = nest.map (i = %n) add(%A[i * i] : tensor<?xf32>) {
  ^bb0(%i: index):
    %c = arith.constant 1.0 : f32
    nest.yield %c : f32
  }
  func.return
}

// -----

// A product with a size.
// CHECK: an index is multiplied by constants only
func.func @f(%n: index, %A: tensor<?xf32>, %t: tensor<?x2xi32>, %F: tensor<5xf32>) {
  %r = nest.map (i = %n) add(%A[i * %n] : tensor<?xf32>) {
  ^bb0(%i: index):
    %c = arith.constant 1.0 : f32
    nest.yield %c : f32
  }
  func.return
}

// -----

// A division by zero.
// CHECK: 'floordiv', 'ceildiv' and 'mod' need a positive constant
func.func @f(%n: index, %A: tensor<?xf32>, %t: tensor<?x2xi32>, %F: tensor<5xf32>) {
  %r = nest.map (i = %n) add(%A[i floordiv 0] : tensor<?xf32>) {
  ^bb0(%i: index):
    %c = arith.constant 1.0 : f32
    nest.yield %c : f32
  }
  func.return
}

// -----

// A division by a size.
// CHECK: Expected integer literal
func.func @f(%n: index, %A: tensor<?xf32>, %t: tensor<?x2xi32>, %F: tensor<5xf32>) {
  %r = nest.map (i = %n) add(%A[i mod %n] : tensor<?xf32>) {
  ^bb0(%i: index):
    %c = arith.constant 1.0 : f32
    nest.yield %c : f32
  }
  func.return
}

// -----

// A table in a table.
// CHECK: a table is read at an affine place, not through another table
func.func @f(%n: index, %A: tensor<?xf32>, %t: tensor<?x2xi32>, %F: tensor<5xf32>) {
  %r = nest.map (i = %n) add(%A[%t[%t[i, 0], 1]] : tensor<?xf32>) {
  ^bb0(%i: index):
    %c = arith.constant 1.0 : f32
    nest.yield %c : f32
  }
  func.return
}

// -----

// A table of floats.
// CHECK: 'nest.map' index table must hold integers, got tensor<5xf32>
func.func @f(%n: index, %A: tensor<?xf32>, %t: tensor<?x2xi32>, %F: tensor<5xf32>) {
  %r = nest.map (i = %n) add(%A[%F[i]] : tensor<?xf32>) {
  ^bb0(%i: index):
    %c = arith.constant 1.0 : f32
    nest.yield %c : f32
  }
  func.return
}

// -----

// A table of another rank.
// CHECK: 'nest.map' reads an index table of rank 2 at 1 indices
func.func @f(%n: index, %A: tensor<?xf32>, %t: tensor<?x2xi32>, %F: tensor<5xf32>) {
  %r = nest.map (i = %n) add(%A[%t[i]] : tensor<?xf32>) {
  ^bb0(%i: index):
    %c = arith.constant 1.0 : f32
    nest.yield %c : f32
  }
  func.return
}

// -----

// A size that is no index.
// CHECK: operand 'sizes' at positions 0 to 1 does not verify:
func.func @f(%n: index, %A: tensor<?xf32>, %t: tensor<?x2xi32>, %F: tensor<5xf32>) {
  %r = nest.map (i = %n) add(%A[i + %F] : tensor<?xf32>) {
  ^bb0(%i: index):
    %c = arith.constant 1.0 : f32
    nest.yield %c : f32
  }
  func.return
}

// -----

// Fewer indices than dimensions.
// CHECK: 'nest.map' access has 1 indices, expected 2
func.func @f(%n: index, %A: tensor<?xf32>, %t: tensor<?x2xi32>, %F: tensor<5xf32>) {
  %r = nest.map (i = %n) add(%t[i] : tensor<?x2xi32>) {
  ^bb0(%i: index):
    %c = arith.constant 1.0 : f32
    nest.yield %c : f32
  }
  func.return
}

// -----

// A range over a size that there is not.
// CHECK: 'nest.map' ranges over size 2 of 1
func.func @f(%n: index, %A: tensor<?xf32>, %t: tensor<?xi32>) {
  %r = "nest.map"(%n, %A, %A, %t) <{ranges = [-3 : i64], read_accesses = [#nest.access<[], affine_map<(d0)[s0] -> (d0)>>], write_accesses = [#nest.access<[], affine_map<(d0)[s0] -> (d0)>>], combiners = ["set"], operandSegmentSizes = array<i32: 1, 1, 1, 1>, resultSegmentSizes = array<i32: 1, 0>}> ({
  ^bb0(%i: index, %a: f32):
    "nest.yield"(%a) : (f32) -> ()
  }) : (index, tensor<?xf32>, tensor<?xf32>, tensor<?xi32>) -> tensor<?xf32>
  func.return
}

// -----

// An access too few.
// CHECK: 'nest.map' needs one access for each tensor
func.func @f(%n: index, %A: tensor<?xf32>, %t: tensor<?xi32>) {
  %r = "nest.map"(%n, %A, %A, %t) <{ranges = [-1 : i64], read_accesses = [], write_accesses = [#nest.access<[], affine_map<(d0)[s0] -> (d0)>>], combiners = ["set"], operandSegmentSizes = array<i32: 1, 1, 1, 1>, resultSegmentSizes = array<i32: 1, 0>}> ({
  ^bb0(%i: index, %a: f32):
    "nest.yield"(%a) : (f32) -> ()
  }) : (index, tensor<?xf32>, tensor<?xf32>, tensor<?xi32>) -> tensor<?xf32>
  func.return
}

// -----

// A combiner too few.
// CHECK: 'nest.map' needs one combiner for each result
func.func @f(%n: index, %A: tensor<?xf32>, %t: tensor<?xi32>) {
  %r = "nest.map"(%n, %A, %A, %t) <{ranges = [-1 : i64], read_accesses = [#nest.access<[], affine_map<(d0)[s0] -> (d0)>>], write_accesses = [#nest.access<[], affine_map<(d0)[s0] -> (d0)>>], combiners = [], operandSegmentSizes = array<i32: 1, 1, 1, 1>, resultSegmentSizes = array<i32: 1, 0>}> ({
  ^bb0(%i: index, %a: f32):
    "nest.yield"(%a) : (f32) -> ()
  }) : (index, tensor<?xf32>, tensor<?xf32>, tensor<?xi32>) -> tensor<?xf32>
  func.return
}

// -----

// A combiner that there is not.
// CHECK: 'nest.map' has no combiner 'mul'; expected add, max, min, set
func.func @f(%n: index, %A: tensor<?xf32>, %t: tensor<?xi32>) {
  %r = "nest.map"(%n, %A, %A, %t) <{ranges = [-1 : i64], read_accesses = [#nest.access<[], affine_map<(d0)[s0] -> (d0)>>], write_accesses = [#nest.access<[], affine_map<(d0)[s0] -> (d0)>>], combiners = ["mul"], operandSegmentSizes = array<i32: 1, 1, 1, 1>, resultSegmentSizes = array<i32: 1, 0>}> ({
  ^bb0(%i: index, %a: f32):
    "nest.yield"(%a) : (f32) -> ()
  }) : (index, tensor<?xf32>, tensor<?xf32>, tensor<?xi32>) -> tensor<?xf32>
  func.return
}

// -----

// A map of two iterators where there is one.
// CHECK: 'nest.map' access map has 2 iterators and 1 symbols, expected 1 and 1
func.func @f(%n: index, %A: tensor<?xf32>, %t: tensor<?xi32>) {
  %r = "nest.map"(%n, %A, %A, %t) <{ranges = [-1 : i64], read_accesses = [#nest.access<[], affine_map<(d0)[s0] -> (d0)>>], write_accesses = [#nest.access<[], affine_map<(d0, d1)[s0] -> (d0)>>], combiners = ["set"], operandSegmentSizes = array<i32: 1, 1, 1, 1>, resultSegmentSizes = array<i32: 1, 0>}> ({
  ^bb0(%i: index, %a: f32):
    "nest.yield"(%a) : (f32) -> ()
  }) : (index, tensor<?xf32>, tensor<?xf32>, tensor<?xi32>) -> tensor<?xf32>
  func.return
}

// -----

// A table that there is not.
// CHECK: 'nest.map' access reads table 1 of 1
func.func @f(%n: index, %A: tensor<?xf32>, %t: tensor<?xi32>) {
  %r = "nest.map"(%n, %A, %A, %t) <{ranges = [-1 : i64], read_accesses = [#nest.access<[#nest.table<1 : i64, affine_map<(d0)[s0] -> (d0)>>], affine_map<(d0)[s0, s1] -> (s1)>>], write_accesses = [#nest.access<[], affine_map<(d0)[s0] -> (d0)>>], combiners = ["set"], operandSegmentSizes = array<i32: 1, 1, 1, 1>, resultSegmentSizes = array<i32: 1, 0>}> ({
  ^bb0(%i: index, %a: f32):
    "nest.yield"(%a) : (f32) -> ()
  }) : (index, tensor<?xf32>, tensor<?xf32>, tensor<?xi32>) -> tensor<?xf32>
  func.return
}

// -----

// A table map of two iterators where there is one.
// CHECK: 'nest.map' table map has 2 iterators and 1 symbols, expected 1 and 1
func.func @f(%n: index, %A: tensor<?xf32>, %t: tensor<?xi32>) {
  %r = "nest.map"(%n, %A, %A, %t) <{ranges = [-1 : i64], read_accesses = [#nest.access<[#nest.table<0 : i64, affine_map<(d0, d1)[s0] -> (d0)>>], affine_map<(d0)[s0, s1] -> (s1)>>], write_accesses = [#nest.access<[], affine_map<(d0)[s0] -> (d0)>>], combiners = ["set"], operandSegmentSizes = array<i32: 1, 1, 1, 1>, resultSegmentSizes = array<i32: 1, 0>}> ({
  ^bb0(%i: index, %a: f32):
    "nest.yield"(%a) : (f32) -> ()
  }) : (index, tensor<?xf32>, tensor<?xf32>, tensor<?xi32>) -> tensor<?xf32>
  func.return
}

// -----

// A division by zero in the map of a table.
// CHECK: 'nest.map' divides an index by '0', expected a positive constant
func.func @f(%n: index, %A: tensor<?xf32>, %t: tensor<?xi32>) {
  %r = "nest.map"(%n, %A, %A, %t) <{ranges = [-1 : i64], read_accesses = [#nest.access<[#nest.table<0 : i64, affine_map<(d0)[s0] -> (d0 mod 0)>>], affine_map<(d0)[s0, s1] -> (s1)>>], write_accesses = [#nest.access<[], affine_map<(d0)[s0] -> (d0)>>], combiners = ["set"], operandSegmentSizes = array<i32: 1, 1, 1, 1>, resultSegmentSizes = array<i32: 1, 0>}> ({
  ^bb0(%i: index, %a: f32):
    "nest.yield"(%a) : (f32) -> ()
  }) : (index, tensor<?xf32>, tensor<?xf32>, tensor<?xi32>) -> tensor<?xf32>
  func.return
}

// -----

// A constant index behind the end.
// CHECK: 'nest.map' index 0 runs over 5..5, outside a dimension of size 5
func.func @f(%n: index, %A: tensor<?xf32>, %t: tensor<?x2xi32>, %F: tensor<5xf32>) {
  %r = nest.map (i = %n) add(%F[5] : tensor<5xf32>) {
  ^bb0(%i: index):
    %c = arith.constant 1.0 : f32
    nest.yield %c : f32
  }
  func.return
}

// -----

// A constant index in front of a run-time dimension.
// CHECK: 'nest.map' index 0 runs over -1..-1, outside a dimension of size ?
func.func @f(%n: index, %A: tensor<?xf32>, %t: tensor<?x2xi32>, %F: tensor<5xf32>) {
  %r = nest.map (i = %n) add(%A[-1] : tensor<?xf32>) {
  ^bb0(%i: index):
    %c = arith.constant 1.0 : f32
    nest.yield %c : f32
  }
  func.return
}

// -----

// A range behind the end.
// CHECK: 'nest.map' index 0 runs over 1..5, outside a dimension of size 5
func.func @f(%n: index, %A: tensor<?xf32>, %t: tensor<?x2xi32>, %F: tensor<5xf32>) {
  %r = nest.map (i = 3) add(%F[2 * i + 1] : tensor<5xf32>) {
  ^bb0(%i: index):
    %c = arith.constant 1.0 : f32
    nest.yield %c : f32
  }
  func.return
}

// -----

// A table read behind its end.
// CHECK: 'nest.map' index 1 runs over 2..2, outside a dimension of size 2
func.func @f(%n: index, %A: tensor<?xf32>, %t: tensor<?x2xi32>, %F: tensor<5xf32>) {
  %r = nest.map (i = %n) add(%A[%t[i, 2]] : tensor<?xf32>) {
  ^bb0(%i: index):
    %c = arith.constant 1.0 : f32
    nest.yield %c : f32
  }
  func.return
}

// -----

// Set twice: not every iterator is in the index.
// CHECK: 'nest.map' sets through (d0, d1)[s0] -> (d0), which is not known to be injective
func.func @f(%n: index, %A: tensor<?xf32>, %t: tensor<?x2xi32>, %F: tensor<5xf32>) {
  %r = nest.map (i = %n, j = 3) set(%A[i] : tensor<?xf32>) {
  ^bb0(%i: index, %j: index):
    %c = arith.constant 1.0 : f32
    nest.yield %c : f32
  }
  func.return
}

// -----

// Set twice: a division.
// CHECK: 'nest.map' sets through (d0)[s0] -> ((d0 floordiv 2)), which is not known to be injective
func.func @f(%n: index, %A: tensor<?xf32>, %t: tensor<?x2xi32>, %F: tensor<5xf32>) {
  %r = nest.map (i = %n) set(%A[i floordiv 2] : tensor<?xf32>) {
  ^bb0(%i: index):
    %c = arith.constant 1.0 : f32
    nest.yield %c : f32
  }
  func.return
}

// -----

// Set twice: through a table.
// CHECK: 'nest.map' sets through (d0)[s0, s1] -> (s1), which is not known to be injective
func.func @f(%n: index, %A: tensor<?xf32>, %t: tensor<?x2xi32>, %F: tensor<5xf32>) {
  %r = nest.map (i = %n) set(%A[%t[i, 0]] : tensor<?xf32>) {
  ^bb0(%i: index):
    %c = arith.constant 1.0 : f32
    nest.yield %c : f32
  }
  func.return
}

// -----

// A body without the iterator.
// CHECK: 'nest.map' body takes (index), got ()
func.func @f(%n: index, %A: tensor<?xf32>, %t: tensor<?x2xi32>, %F: tensor<5xf32>) {
  %r = nest.map (i = %n) add(%A[i] : tensor<?xf32>) {
  ^bb0():
    %c = arith.constant 1.0 : f32
    nest.yield %c : f32
  }
  func.return
}

// -----

// A body with another type than is read.
// CHECK: 'nest.map' body takes (index, f32), got (index, f64)
func.func @f(%n: index, %A: tensor<?xf32>, %t: tensor<?x2xi32>, %F: tensor<5xf32>) {
  %r = nest.map (i = %n) read(%A[i] : tensor<?xf32>) add(%A[i] : tensor<?xf32>) {
  ^bb0(%i: index, %a: f64):
    %c = arith.constant 1.0 : f32
    nest.yield %c : f32
  }
  func.return
}

// -----

// A body without a terminator of nests.
// CHECK: 'nest.map' body must end in nest.yield
func.func @f(%n: index, %A: tensor<?xf32>, %t: tensor<?x2xi32>, %F: tensor<5xf32>) {
  %r = nest.map (i = %n) add(%A[i] : tensor<?xf32>) {
  ^bb0(%i: index):
    "test.termop"() : () -> ()
  }
  func.return
}

// -----

// A body that yields another type.
// CHECK: 'nest.map' yields (index), expected (f32)
func.func @f(%n: index, %A: tensor<?xf32>, %t: tensor<?x2xi32>, %F: tensor<5xf32>) {
  %r = nest.map (i = %n) add(%A[i] : tensor<?xf32>) {
  ^bb0(%i: index):
    nest.yield %i : index
  }
  func.return
}

// -----

// A body that yields nothing.
// CHECK: 'nest.map' yields (), expected (f32)
func.func @f(%n: index, %A: tensor<?xf32>, %t: tensor<?x2xi32>, %F: tensor<5xf32>) {
  %r = nest.map (i = %n) add(%A[i] : tensor<?xf32>) {
  ^bb0(%i: index):
    nest.yield
  }
  func.return
}

// -----

// A result of another type than its start.
// CHECK: 'nest.map' results must have the types of the tensors they start from
func.func @f(%n: index, %A: tensor<?xf32>, %t: tensor<?xi32>) {
  %r = "nest.map"(%n, %A, %A, %t) <{ranges = [-1 : i64], read_accesses = [#nest.access<[], affine_map<(d0)[s0] -> (d0)>>], write_accesses = [#nest.access<[], affine_map<(d0)[s0] -> (d0)>>], combiners = ["set"], operandSegmentSizes = array<i32: 1, 1, 1, 1>, resultSegmentSizes = array<i32: 1, 0>}> ({
  ^bb0(%i: index, %a: f32):
    "nest.yield"(%a) : (f32) -> ()
  }) : (index, tensor<?xf32>, tensor<?xf32>, tensor<?xi32>) -> tensor<3xf32>
  func.return
}

// -----

// A yield outside of a nest.
// CHECK: 'nest.yield' expects parent op 'nest.map'
func.func @f() {
  nest.yield
}

// -----

// The winner of a result that there is not.
// CHECK: 'nest.map' gives the winning iteration of result 1 of 1
func.func @f(%n: index, %A: tensor<?xf32>) {
  %r:2 = "nest.map"(%n, %A, %A) <{ranges = [-1 : i64], read_accesses = [#nest.access<[], affine_map<(d0)[s0] -> (d0)>>], write_accesses = [#nest.access<[], affine_map<(d0)[s0] -> (d0)>>], combiners = ["max"], arg_of = [1 : i64], operandSegmentSizes = array<i32: 1, 1, 1, 0>, resultSegmentSizes = array<i32: 1, 1>}> ({
  ^bb0(%i: index, %a: f32):
    "nest.yield"(%a) : (f32) -> ()
  }) : (index, tensor<?xf32>, tensor<?xf32>) -> (tensor<?xf32>, tensor<?xi64>)
  func.return
}

// -----

// The winner of a result twice.
// CHECK: 'nest.map' gives the winning iteration of result 0 of 1
func.func @f(%n: index, %A: tensor<?xf32>) {
  %r:3 = "nest.map"(%n, %A, %A) <{ranges = [-1 : i64], read_accesses = [#nest.access<[], affine_map<(d0)[s0] -> (d0)>>], write_accesses = [#nest.access<[], affine_map<(d0)[s0] -> (d0)>>], combiners = ["max"], arg_of = [0 : i64, 0 : i64], operandSegmentSizes = array<i32: 1, 1, 1, 0>, resultSegmentSizes = array<i32: 1, 2>}> ({
  ^bb0(%i: index, %a: f32):
    "nest.yield"(%a) : (f32) -> ()
  }) : (index, tensor<?xf32>, tensor<?xf32>) -> (tensor<?xf32>, tensor<?xi64>, tensor<?xi64>)
  func.return
}

// -----

// Winners in another type.
// CHECK: 'nest.map' numbers iterations in (tensor<?xi64>), got (tensor<?xi32>)
func.func @f(%n: index, %A: tensor<?xf32>) {
  %r:2 = "nest.map"(%n, %A, %A) <{ranges = [-1 : i64], read_accesses = [#nest.access<[], affine_map<(d0)[s0] -> (d0)>>], write_accesses = [#nest.access<[], affine_map<(d0)[s0] -> (d0)>>], combiners = ["max"], arg_of = [0 : i64], operandSegmentSizes = array<i32: 1, 1, 1, 0>, resultSegmentSizes = array<i32: 1, 1>}> ({
  ^bb0(%i: index, %a: f32):
    "nest.yield"(%a) : (f32) -> ()
  }) : (index, tensor<?xf32>, tensor<?xf32>) -> (tensor<?xf32>, tensor<?xi32>)
  func.return
}

// -----

// Guards in other iterators.
// CHECK: 'nest.map' guards have 2 iterators and 1 sizes, expected 1 and 1
func.func @f(%n: index, %A: tensor<?xf32>) {
  %r = "nest.map"(%n, %A, %A) <{ranges = [-1 : i64], read_accesses = [#nest.access<[], affine_map<(d0)[s0] -> (d0)>>], write_accesses = [#nest.access<[], affine_map<(d0)[s0] -> (d0)>>], combiners = ["max"], guards = affine_map<(d0, d1)[s0] -> (d1)>, operandSegmentSizes = array<i32: 1, 1, 1, 0>, resultSegmentSizes = array<i32: 1, 0>}> ({
  ^bb0(%i: index, %a: f32):
    "nest.yield"(%a) : (f32) -> ()
  }) : (index, tensor<?xf32>, tensor<?xf32>) -> (tensor<?xf32>)
  func.return
}

// -----

// A guard that divides by zero.
// CHECK: 'nest.map' divides an index by '0', expected a positive constant
func.func @f(%n: index, %A: tensor<?xf32>) {
  %r = "nest.map"(%n, %A, %A) <{ranges = [-1 : i64], read_accesses = [#nest.access<[], affine_map<(d0)[s0] -> (d0)>>], write_accesses = [#nest.access<[], affine_map<(d0)[s0] -> (d0)>>], combiners = ["max"], guards = affine_map<(d0)[s0] -> (d0 mod 0)>, operandSegmentSizes = array<i32: 1, 1, 1, 0>, resultSegmentSizes = array<i32: 1, 0>}> ({
  ^bb0(%i: index, %a: f32):
    "nest.yield"(%a) : (f32) -> ()
  }) : (index, tensor<?xf32>, tensor<?xf32>) -> (tensor<?xf32>)
  func.return
}

// -----

// The winner of a sum.
// CHECK: 'nest.map' combines result 0 by 'add': only max and min have a winner
func.func @f(%n: index, %A: tensor<?xf32>, %t: tensor<?xi32>) {
  %r:2 = nest.map (i = %n) add(%A[i] : tensor<?xf32> arg) {
  ^bb0(%i: index):
    %c = arith.constant 1.0 : f32
    nest.yield %c : f32
  }
  func.return
}

// -----

// A guard that is no comparison with 0.
// CHECK: a guard has the form 'e >= 0'
func.func @f(%n: index, %A: tensor<?xf32>, %t: tensor<?xi32>) {
  %r:2 = nest.map (i = %n) where(i >= 1) max(%A[i] : tensor<?xf32> arg) {
  ^bb0(%i: index):
    %c = arith.constant 1.0 : f32
    nest.yield %c : f32
  }
  func.return
}

// -----

// A guard through a table.
// CHECK: a guard does not read tables
func.func @f(%n: index, %A: tensor<?xf32>, %t: tensor<?xi32>) {
  %r:2 = nest.map (i = %n) where(%t[i] >= 0) max(%A[i] : tensor<?xf32> arg) {
  ^bb0(%i: index):
    %c = arith.constant 1.0 : f32
    nest.yield %c : f32
  }
  func.return
}

// -----

// A check of a size that it does not have.
// CHECK: 'nest.check' names size 1 of 1
func.func @f(%n: index, %v: tensor<i64>) {
  nest.check %v at %v, %v at %v sizes(%n) {limit = -2 : i64, ranges = [], tensor = "x", axis = 0 : i64, names = [], number = 0 : i64}
  func.return
}

// -----

// A check of ranges without names.
// CHECK: 'nest.check' needs one name for each range
func.func @f(%n: index, %v: tensor<i64>) {
  nest.check %v at %v, %v at %v sizes(%n) {limit = 3 : i64, ranges = [-1 : i64], tensor = "x", axis = 0 : i64, names = [], number = 0 : i64}
  func.return
}

// -----

// A check of no dimension.
// CHECK: 'nest.check' needs a dimension >= 0
func.func @f(%v: tensor<i64>) {
  nest.check %v at %v, %v at %v sizes() {limit = 3 : i64, ranges = [], tensor = "x", axis = -1 : i64, names = [], number = 0 : i64}
  func.return
}
