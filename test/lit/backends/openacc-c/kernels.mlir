// RUN: anamc-opt %s -p 'convert-parallel-to-acc{openmp=true}' -t openacc-c --split-input-file | filecheck %s

// A layer, as people write it.
// CHECK:       typedef ANAMC_INDEX anamc_index;
// CHECK:       /*
// CHECK-NEXT:   * encoder 'fit' (id 3): nodes, 2 -> 4, * / not the end
// CHECK-NEXT:   *   params: 12
// CHECK-NEXT:   *   u: nnodes x 2
// CHECK-NEXT:   *   h: nnodes x 4, written
// CHECK-NEXT:   */
// CHECK-NEXT:  void run_network_fit(anamc_index nnodes, const float *restrict params, const float *restrict u,
// CHECK-NEXT:      float *restrict h)
// CHECK-NEXT:  {
// CHECK-NEXT:    const float *W1 = params;
// CHECK-NEXT:    const float *b1 = params + 8;
// CHECK-NEXT:    ANAMC_ACC(parallel loop gang vector independent
// CHECK-NEXT:        present(b1[0:4], u[0:nnodes * 2], W1[0:8], h[0:nnodes * 4]))
// CHECK-NEXT:    ANAMC_OMP(parallel for schedule(static))
// CHECK-NEXT:    for (anamc_index r = 0; r < nnodes; ++r) {
// CHECK-NEXT:      for (anamc_index j = 0; j < 4; ++j) {
// CHECK-NEXT:        float z = b1[j];
// CHECK-NEXT:        for (anamc_index i = 0; i < 2; ++i) {
// CHECK-NEXT:          z += u[r * 2 + i] * W1[i * 4 + j];
// CHECK-NEXT:        }
// CHECK-NEXT:        h[r * 4 + j] = tanhf(z);
// CHECK-NEXT:      }
// CHECK-NEXT:    }
// CHECK-NEXT:  }
func.func @run_network_fit(%n: index {anamc.name = "nnodes"}, %params: memref<12xf32> {anamc.name = "params", anamc.dims = [12 : index], anamc.access = "read"}, %u: memref<?xf32> {anamc.name = "u", anamc.dims = ["nnodes", 2 : index], anamc.access = "read"}, %h: memref<?xf32> {anamc.name = "h", anamc.dims = ["nnodes", 4 : index], anamc.access = "write"}) attributes {anamc.kernel, anamc.comment = ["encoder 'fit' (id 3): nodes, 2 -> 4, */ not the end"]} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %c4 = arith.constant 4 : index
  %W1 = memref.subview %params[0] [8] [1] : memref<12xf32> to memref<8xf32, strided<[1]>>
  %b1 = memref.subview %params[8] [4] [1] : memref<12xf32> to memref<4xf32, strided<[1], offset: 8>>
  "scf.parallel"(%c0, %n, %c1) <{operandSegmentSizes = array<i32: 1, 1, 1, 0>}> ({
  ^bb0(%r: index):
    scf.for %j = %c0 to %c4 step %c1 {
      %b = memref.load %b1[%j] : memref<4xf32, strided<[1], offset: 8>>
      %sum = scf.for %i = %c0 to %c2 step %c1 iter_args(%z = %b) -> (f32) {
        %ur = arith.muli %r, %c2 : index
        %ui = arith.addi %ur, %i : index
        %x = memref.load %u[%ui] : memref<?xf32>
        %wr = arith.muli %i, %c4 : index
        %wi = arith.addi %wr, %j : index
        %w = memref.load %W1[%wi] : memref<8xf32, strided<[1]>>
        %p = arith.mulf %x, %w : f32
        %next = arith.addf %z, %p : f32
        scf.yield %next : f32
      }
      %t = math.tanh %sum : f32
      %hr = arith.muli %r, %c4 : index
      %hi = arith.addi %hr, %j : index
      memref.store %t, %h[%hi] : memref<?xf32>
    }
    scf.reduce
  }) : (index, index, index) -> ()
  func.return
}

// -----

// Rows that meet: atomic under OpenACC, in order under OpenMP, and nothing of either in a serial part.
// CHECK-LABEL: {{^}}void scatter({{.*\)$}}
// CHECK:         ANAMC_ACC(parallel loop gang vector independent present(k[0:n], a[0:n]))
// CHECK-NEXT:    for (
// CHECK-NEXT:      ANAMC_ACC(atomic update)
// CHECK-NEXT:      a[k[r]] += 1.0f;
// CHECK-NEXT:    }
// CHECK-NEXT:    ANAMC_ACC(serial present(a[0:n]))
// CHECK-NEXT:    {
// CHECK-NEXT:      a[0] += 1.0f;
// CHECK-NEXT:    }
func.func @scatter(%n: index {anamc.name = "n"}, %k: memref<?xi32> {anamc.name = "k", anamc.dims = ["n"], anamc.access = "read"}, %a: memref<?xf32> {anamc.name = "a", anamc.dims = ["n"], anamc.access = "update"}) attributes {anamc.kernel} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %one = arith.constant 1.0 : f32
  "scf.parallel"(%c0, %n, %c1) <{operandSegmentSizes = array<i32: 1, 1, 1, 0>}> ({
  ^bb0(%r: index):
    %k32 = memref.load %k[%r] : memref<?xi32>
    %i = arith.index_cast %k32 : i32 to index
    %u = "memref.atomic_rmw"(%one, %a, %i) <{kind = 0 : i64}> : (f32, memref<?xf32>, index) -> f32
    scf.reduce
  }) : (index, index, index) -> ()
  %u0 = "memref.atomic_rmw"(%one, %a, %c0) <{kind = 0 : i64}> : (f32, memref<?xf32>, index) -> f32
  func.return
}

// -----

// Values that a loop carries are assigned at once.
// CHECK-LABEL: {{^}}float fibonacci({{.*\)$}}
// CHECK:         float a = x;
// CHECK-NEXT:    float b = y;
// CHECK-NEXT:    for (anamc_index i = 0; i < n; ++i) {
// CHECK-NEXT:      const float next_s = a + b;
// CHECK-NEXT:      a = b;
// CHECK-NEXT:      b = next_s;
// CHECK-NEXT:    }
// CHECK-NEXT:    (void)b;
// CHECK-NEXT:    return a;
func.func @fibonacci(%n: index {anamc.name = "n"}, %x: f32 {anamc.name = "x"}, %y: f32 {anamc.name = "y"}) -> f32 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %p, %q = scf.for %i = %c0 to %n step %c1 iter_args(%a = %x, %b = %y) -> (f32, f32) {
    %s = arith.addf %a, %b : f32
    scf.yield %b, %s : f32, f32
  }
  func.return %p : f32
}

// -----

// A branch with results; truth values.
// CHECK-LABEL: {{^}}float branch({{.*\)$}}
// CHECK:         float lo;
// CHECK-NEXT:    float hi;
// CHECK-NEXT:    if (x < y && !(y < 0.0f)) {
// CHECK-NEXT:      lo = x;
// CHECK-NEXT:      hi = y;
// CHECK-NEXT:    } else {
// CHECK-NEXT:      lo = y;
// CHECK-NEXT:      hi = x;
// CHECK-NEXT:    }
// CHECK-NEXT:    return hi - lo;
func.func @branch(%x: f32 {anamc.name = "x"}, %y: f32 {anamc.name = "y"}) -> f32 {
  %zero = arith.constant 0.0 : f32
  %true = arith.constant true
  %less = arith.cmpf olt, %x, %y : f32
  %negative = arith.cmpf olt, %y, %zero : f32
  %not = arith.xori %negative, %true : i1
  %both = arith.andi %less, %not : i1
  %lo, %hi = scf.if %both -> (f32, f32) {
    scf.yield %x, %y : f32, f32
  } else {
    scf.yield %y, %x : f32, f32
  }
  %d = arith.subf %hi, %lo : f32
  func.return %d : f32
}

// -----

// A helper is defined where it is used, once; without parallel loops there is no OpenMP.
// CHECK-NOT:   ANAMC_OMP
// CHECK:       /* The larger of a and b; NaN where one of them is. */
// CHECK-NEXT:  ANAMC_ACC(routine seq)
// CHECK-NEXT:  static inline double anamc_maximum(double a, double b)
// CHECK-NOT:   static inline
// CHECK-LABEL: {{^}}double relu({{.*\)$}}
// CHECK:         return anamc_maximum(x, 0.0) + anamc_maximum(y, 0.0);
func.func @relu(%x: f64 {anamc.name = "x"}, %y: f64 {anamc.name = "y"}) -> f64 {
  %zero = arith.constant 0.0 : f64
  %a = arith.maximumf %x, %zero : f64
  %b = arith.maximumf %y, %zero : f64
  %r = arith.addf %a, %b : f64
  func.return %r : f64
}
