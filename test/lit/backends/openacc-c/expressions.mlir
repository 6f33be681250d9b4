// RUN: anamc-opt %s -t openacc-c --split-input-file | filecheck %s

// Values used once are part of an expression; parentheses stand where C needs them, and where floats keep their order.
// CHECK-LABEL: {{^}}float parentheses({{.*\)$}}
// CHECK:         return a - (b - a) * (a + b) / -a;
func.func @parentheses(%a: f32 {anamc.name = "a"}, %b: f32 {anamc.name = "b"}) -> f32 {
  %d = arith.subf %b, %a : f32
  %s = arith.addf %a, %b : f32
  %p = arith.mulf %d, %s : f32
  %n = arith.negf %a : f32
  %q = arith.divf %p, %n : f32
  %r = arith.subf %a, %q : f32
  func.return %r : f32
}

// -----

// CHECK-LABEL: {{^}}float order_of_floats({{.*\)$}}
// CHECK:         return a + (b + (a - b)) - (-b);
func.func @order_of_floats(%a: f32 {anamc.name = "a"}, %b: f32 {anamc.name = "b"}) -> f32 {
  %d = arith.subf %a, %b : f32
  %s = arith.addf %b, %d : f32
  %t = arith.addf %a, %s : f32
  %n = arith.negf %b : f32
  %r = arith.subf %t, %n : f32
  func.return %r : f32
}

// -----

// A value used twice gets a name, from its hint.
// CHECK-LABEL: {{^}}float named({{.*\)$}}
// CHECK-NEXT:  {
// CHECK-NEXT:    const float square = a * a;
// CHECK-NEXT:    return square + square;
func.func @named(%a: f32 {anamc.name = "a"}) -> f32 {
  %square = arith.mulf %a, %a : f32
  %r = arith.addf %square, %square : f32
  func.return %r : f32
}

// -----

// Literals are the fewest digits that give the number back.
// CHECK-LABEL: {{^}}void literals({{.*\)$}}
// CHECK:         a[0] = 0.1f;
// CHECK-NEXT:    a[1] = 1.0f;
// CHECK-NEXT:    a[2] = 1e-05f;
// CHECK-NEXT:    a[3] = -INFINITY;
// CHECK-NEXT:    a[4] = NAN;
// CHECK-NEXT:    a[5] = 3.4028235e+38f;
// CHECK-NEXT:    a[6] = -0.0f;
// CHECK-NEXT:    b[0] = 0.1;
// CHECK-NEXT:    b[1] = 0.30000000000000004;
// CHECK-NEXT:    k[0] = -3;
// CHECK-NEXT:    l[0] = INT64_C(4294967296);
// CHECK-NEXT:    l[1] = INT64_MIN;
func.func @literals(%a: memref<7xf32> {anamc.name = "a"}, %b: memref<2xf64> {anamc.name = "b"}, %k: memref<1xi32> {anamc.name = "k"}, %l: memref<2xi64> {anamc.name = "l"}) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %c3 = arith.constant 3 : index
  %c4 = arith.constant 4 : index
  %c5 = arith.constant 5 : index
  %c6 = arith.constant 6 : index
  %f0 = arith.constant 0.1 : f32
  %f1 = arith.constant 1.0 : f32
  %f2 = arith.constant 1.0e-5 : f32
  %f3 = arith.constant 0xFF800000 : f32
  %f4 = arith.constant 0x7FC00000 : f32
  %f5 = arith.constant 0x7F7FFFFF : f32
  %f6 = arith.constant -0.0 : f32
  %d0 = arith.constant 0.1 : f64
  %d1 = arith.constant 0.30000000000000004 : f64
  %i0 = arith.constant -3 : i32
  %l0 = arith.constant 4294967296 : i64
  %l1 = arith.constant -9223372036854775808 : i64
  memref.store %f0, %a[%c0] : memref<7xf32>
  memref.store %f1, %a[%c1] : memref<7xf32>
  memref.store %f2, %a[%c2] : memref<7xf32>
  memref.store %f3, %a[%c3] : memref<7xf32>
  memref.store %f4, %a[%c4] : memref<7xf32>
  memref.store %f5, %a[%c5] : memref<7xf32>
  memref.store %f6, %a[%c6] : memref<7xf32>
  memref.store %d0, %b[%c0] : memref<2xf64>
  memref.store %d1, %b[%c1] : memref<2xf64>
  memref.store %i0, %k[%c0] : memref<1xi32>
  memref.store %l0, %l[%c0] : memref<2xi64>
  memref.store %l1, %l[%c1] : memref<2xi64>
  func.return
}

// -----

// A load is not moved over a store to the same array, but over one to another array.
// CHECK-LABEL: {{^}}void loads({{.*\)$}}
// CHECK:         const float x = a[0];
// CHECK-NEXT:    a[0] = 1.0f;
// CHECK-NEXT:    a[1] = x + b[0];
func.func @loads(%a: memref<2xf32> {anamc.name = "a"}, %b: memref<2xf32> {anamc.name = "b"}) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %one = arith.constant 1.0 : f32
  %x = memref.load %a[%c0] : memref<2xf32>
  %y = memref.load %b[%c0] : memref<2xf32>
  memref.store %one, %a[%c0] : memref<2xf32>
  %s = arith.addf %x, %y : f32
  memref.store %s, %a[%c1] : memref<2xf32>
  func.return
}

// -----

// A store in a loop or a branch counts as well, and so does one through another pointer into the array.
// CHECK-LABEL: {{^}}void loads_before_regions({{.*\)$}}
// CHECK:         const float x = a[0];
// CHECK:         for (
// CHECK:         const float y = a[1];
// CHECK:         p[0] = 1.0f;
// CHECK:         a[1] = x + y;
func.func @loads_before_regions(%a: memref<4xf32> {anamc.name = "a"}) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %one = arith.constant 1.0 : f32
  %p = memref.subview %a[1] [3] [1] : memref<4xf32> to memref<3xf32, strided<[1], offset: 1>>
  %x = memref.load %a[%c0] : memref<4xf32>
  scf.for %i = %c0 to %c2 step %c1 {
    memref.store %one, %a[%i] : memref<4xf32>
  }
  %y = memref.load %a[%c1] : memref<4xf32>
  memref.store %one, %p[%c0] : memref<3xf32, strided<[1], offset: 1>>
  %s = arith.addf %x, %y : f32
  memref.store %s, %a[%c1] : memref<4xf32>
  func.return
}

// -----

// A value is not computed again in each round of a loop; an index is written out.
// CHECK-LABEL: {{^}}void invariant({{.*\)$}}
// CHECK:         const float e = expf(x);
// CHECK-NEXT:    for (anamc_index j = 0; j < n * 2; j += 2) {
// CHECK-NEXT:      a[n * 4 + j] *= e;
func.func @invariant(%n: index {anamc.name = "n"}, %x: f32 {anamc.name = "x"}, %a: memref<?xf32> {anamc.name = "a"}) {
  %c0 = arith.constant 0 : index
  %c2 = arith.constant 2 : index
  %c4 = arith.constant 4 : index
  %e = math.exp %x : f32
  %end = arith.muli %n, %c2 : index
  %base = arith.muli %n, %c4 : index
  scf.for %j = %c0 to %end step %c2 {
    %i = arith.addi %base, %j : index
    %old = memref.load %a[%i] : memref<?xf32>
    %new = arith.mulf %e, %old : f32
    memref.store %new, %a[%i] : memref<?xf32>
  }
  func.return
}

// -----

// An update in place, where the order of the operands allows it.
// CHECK-LABEL: {{^}}void updates({{.*\)$}}
// CHECK:         a[0] += x;
// CHECK-NEXT:    a[0] -= x * x;
// CHECK-NEXT:    a[0] = x - a[0];
// CHECK-NEXT:    a[0] /= x;
// CHECK-NEXT:    a[0] = a[0] + x + x;
func.func @updates(%x: f32 {anamc.name = "x"}, %a: memref<1xf32> {anamc.name = "a"}) {
  %c0 = arith.constant 0 : index
  %v0 = memref.load %a[%c0] : memref<1xf32>
  %w0 = arith.addf %x, %v0 : f32
  memref.store %w0, %a[%c0] : memref<1xf32>
  %v1 = memref.load %a[%c0] : memref<1xf32>
  %xx = arith.mulf %x, %x : f32
  %w1 = arith.subf %v1, %xx : f32
  memref.store %w1, %a[%c0] : memref<1xf32>
  %v2 = memref.load %a[%c0] : memref<1xf32>
  %w2 = arith.subf %x, %v2 : f32
  memref.store %w2, %a[%c0] : memref<1xf32>
  %v3 = memref.load %a[%c0] : memref<1xf32>
  %w3 = arith.divf %v3, %x : f32
  memref.store %w3, %a[%c0] : memref<1xf32>
  %v4 = memref.load %a[%c0] : memref<1xf32>
  %s4 = arith.addf %v4, %x : f32
  %w4 = arith.addf %s4, %x : f32
  memref.store %w4, %a[%c0] : memref<1xf32>
  func.return
}

// -----

// Index arithmetic is done in the index type, not in int.
// CHECK-LABEL: {{^}}anamc_index wide({{.*\)$}}
// CHECK:         return (anamc_index)k[0] * 16 + n + (anamc_index)65536 * 65536;
func.func @wide(%n: index {anamc.name = "n"}, %k: memref<1xi32> {anamc.name = "k"}) -> index {
  %c0 = arith.constant 0 : index
  %c16 = arith.constant 16 : index
  %c65536 = arith.constant 65536 : index
  %x = memref.load %k[%c0] : memref<1xi32>
  %i = arith.index_cast %x : i32 to index
  %row = arith.muli %i, %c16 : index
  %a = arith.addi %row, %n : index
  %big = arith.muli %c65536, %c65536 : index
  %r = arith.addi %a, %big : index
  func.return %r : index
}

// -----

// Long expressions are cut into pieces.
// CHECK-LABEL: {{^}}float lengthy({{.*\)$}}
// CHECK:         const float [[X:[a-z_0-9]+]] = {{.*}};
// CHECK-NEXT:    return [[X]] + a{{( \+ a)*}};
func.func @lengthy(%a: f32 {anamc.name = "a"}) -> f32 {
  %1 = arith.addf %a, %a : f32
  %2 = arith.addf %1, %a : f32
  %3 = arith.addf %2, %a : f32
  %4 = arith.addf %3, %a : f32
  %5 = arith.addf %4, %a : f32
  %6 = arith.addf %5, %a : f32
  %7 = arith.addf %6, %a : f32
  %8 = arith.addf %7, %a : f32
  %9 = arith.addf %8, %a : f32
  %10 = arith.addf %9, %a : f32
  %11 = arith.addf %10, %a : f32
  %12 = arith.addf %11, %a : f32
  %13 = arith.addf %12, %a : f32
  %14 = arith.addf %13, %a : f32
  %15 = arith.addf %14, %a : f32
  %16 = arith.addf %15, %a : f32
  %17 = arith.addf %16, %a : f32
  func.return %17 : f32
}

// -----

// Bits of floats; a product and a sum that may be rounded apart.
// CHECK:         static inline float anamc_muladdf(float a, float b, float c)
// CHECK:         return fmaf(a, b, c);
// CHECK:         return a * b + c;
// CHECK:         static inline int64_t anamc_bits(double x)
// CHECK:         static inline float anamc_from_bitsf(int k)
// CHECK-LABEL: {{^}}float bits({{.*\)$}}
// CHECK:         const int k = (int)anamc_bits(x);
// CHECK-NEXT:    const float a = anamc_from_bitsf(((int)((unsigned)k << 23) >> 1) + k);
// CHECK-NEXT:    const float p = anamc_muladdf(a, a, a);
// CHECK-NEXT:    return copysignf(fmaf(p, a, anamc_from_bitsf((int)((unsigned)k >> 3))), a);
func.func @bits(%x: f64 {anamc.name = "x"}) -> f32 {
  %c1 = arith.constant 1 : i32
  %c3 = arith.constant 3 : i32
  %c23 = arith.constant 23 : i32
  %wide = arith.bitcast %x : f64 to i64
  %k = arith.trunci %wide : i64 to i32
  %up = arith.shli %k, %c23 : i32
  %down = arith.shrsi %up, %c1 : i32
  %sum = arith.addi %down, %k : i32
  %a = arith.bitcast %sum : i32 to f32
  %p = math.fma %a, %a, %a fastmath<afn> : f32
  %low = arith.shrui %k, %c3 : i32
  %b = arith.bitcast %low : i32 to f32
  %q = math.fma %p, %a, %b : f32
  %y = math.copysign %q, %a : f32
  func.return %y : f32
}

// -----

// A formula is a function that its callers hold themselves; a call of it is an expression.
// CHECK:         /* half(x) */
// CHECK-NEXT:    ANAMC_ACC(routine seq)
// CHECK-NEXT:    static inline float half(float x)
// CHECK-LABEL: {{^}}void halves({{.*\)$}}
// CHECK:         a[0] = half(a[0]);
func.func private @half(%x: f32) -> f32 attributes {anamc.inline, anamc.comment = ["half(x)"]} {
  %c = arith.constant 0.5 : f32
  %y = arith.mulf %x, %c : f32
  func.return %y : f32
}
func.func @halves(%a: memref<1xf32> {anamc.name = "a"}) {
  %c0 = arith.constant 0 : index
  %x = memref.load %a[%c0] : memref<1xf32>
  %y = func.call @half(%x) {anamc.inline} : (f32) -> f32
  %unused = func.call @half(%y) {anamc.inline} : (f32) -> f32
  memref.store %y, %a[%c0] : memref<1xf32>
  func.return
}
