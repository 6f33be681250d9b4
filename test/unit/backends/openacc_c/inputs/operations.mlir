// Every operation that the C printer knows, one result each in a row of `out`; what needs control flow comes behind.
func.func @ops_eval(%n: i32 {anamc.name = "n"}, %x: memref<?xf32> {anamc.name = "x", anamc.dims = ["n"], anamc.access = "read"}, %y: memref<?xf32> {anamc.name = "y", anamc.dims = ["n"], anamc.access = "read"}, %k: memref<?xi32> {anamc.name = "k", anamc.dims = ["n", 2 : index], anamc.access = "read"}, %floats: memref<?xf32> {anamc.name = "floats", anamc.dims = ["n", 50 : index], anamc.access = "write"}, %ints: memref<?xi32> {anamc.name = "ints", anamc.dims = ["n", 28 : index], anamc.access = "write"}, %workspace: memref<?xi8> {anamc.name = "workspace", anamc.access = "workspace"}) -> i32 attributes {anamc.entry = "ops"} {
  %size = arith.index_cast %n : i32 to index
  func.call @ops_kernel(%size, %x, %y, %k, %floats, %ints) : (index, memref<?xf32>, memref<?xf32>, memref<?xi32>, memref<?xf32>, memref<?xi32>) -> ()
  %ok = arith.constant 0 : i32
  func.return %ok : i32
}
func.func @ops_workspace_size(%n: i32 {anamc.name = "n"}) -> i64 attributes {anamc.workspace_of = "ops"} {
  %none = arith.constant 0 : i64
  func.return %none : i64
}
func.func private @ops_kernel(%n: index {anamc.name = "n"}, %x: memref<?xf32> {anamc.name = "x", anamc.dims = ["n"], anamc.access = "read"}, %y: memref<?xf32> {anamc.name = "y", anamc.dims = ["n"], anamc.access = "read"}, %k: memref<?xi32> {anamc.name = "k", anamc.dims = ["n", 2 : index], anamc.access = "read"}, %floats: memref<?xf32> {anamc.name = "floats", anamc.dims = ["n", 50 : index], anamc.access = "write"}, %ints: memref<?xi32> {anamc.name = "ints", anamc.dims = ["n", 28 : index], anamc.access = "write"}) attributes {anamc.kernel} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %nf = arith.constant 50 : index
  %ni = arith.constant 28 : index
  "scf.parallel"(%c0, %n, %c1) <{operandSegmentSizes = array<i32: 1, 1, 1, 0>}> ({
  ^bb0(%r: index):
    %a = memref.load %x[%r] : memref<?xf32>
    %b = memref.load %y[%r] : memref<?xf32>
    %r2 = arith.muli %r, %c2 : index
    %r21 = arith.addi %r2, %c1 : index
    %i = memref.load %k[%r2] : memref<?xi32>
    %j = memref.load %k[%r21] : memref<?xi32>
    %fbase = arith.muli %r, %nf : index
    %ibase = arith.muli %r, %ni : index
    %abs = math.absf %a : f32
    %half = arith.constant 0.1 : f32
    %pos = arith.addf %abs, %half : f32
    %exp = math.exp %a : f32
    %fbasec0 = arith.constant 0 : index
    %fbase0 = arith.addi %fbase, %fbasec0 : index
    memref.store %exp, %floats[%fbase0] : memref<?xf32>
    %expm1 = math.expm1 %a : f32
    %fbasec1 = arith.constant 1 : index
    %fbase1 = arith.addi %fbase, %fbasec1 : index
    memref.store %expm1, %floats[%fbase1] : memref<?xf32>
    %tanh = math.tanh %a : f32
    %fbasec2 = arith.constant 2 : index
    %fbase2 = arith.addi %fbase, %fbasec2 : index
    memref.store %tanh, %floats[%fbase2] : memref<?xf32>
    %erf = math.erf %a : f32
    %fbasec3 = arith.constant 3 : index
    %fbase3 = arith.addi %fbase, %fbasec3 : index
    memref.store %erf, %floats[%fbase3] : memref<?xf32>
    %sin = math.sin %a : f32
    %fbasec4 = arith.constant 4 : index
    %fbase4 = arith.addi %fbase, %fbasec4 : index
    memref.store %sin, %floats[%fbase4] : memref<?xf32>
    %cos = math.cos %a : f32
    %fbasec5 = arith.constant 5 : index
    %fbase5 = arith.addi %fbase, %fbasec5 : index
    memref.store %cos, %floats[%fbase5] : memref<?xf32>
    %floor = math.floor %a : f32
    %fbasec6 = arith.constant 6 : index
    %fbase6 = arith.addi %fbase, %fbasec6 : index
    memref.store %floor, %floats[%fbase6] : memref<?xf32>
    %ceil = math.ceil %a : f32
    %fbasec7 = arith.constant 7 : index
    %fbase7 = arith.addi %fbase, %fbasec7 : index
    memref.store %ceil, %floats[%fbase7] : memref<?xf32>
    %absf = math.absf %a : f32
    %fbasec8 = arith.constant 8 : index
    %fbase8 = arith.addi %fbase, %fbasec8 : index
    memref.store %absf, %floats[%fbase8] : memref<?xf32>
    %log = math.log %pos : f32
    %fbasec9 = arith.constant 9 : index
    %fbase9 = arith.addi %fbase, %fbasec9 : index
    memref.store %log, %floats[%fbase9] : memref<?xf32>
    %log1p = math.log1p %pos : f32
    %fbasec10 = arith.constant 10 : index
    %fbase10 = arith.addi %fbase, %fbasec10 : index
    memref.store %log1p, %floats[%fbase10] : memref<?xf32>
    %log2 = math.log2 %pos : f32
    %fbasec11 = arith.constant 11 : index
    %fbase11 = arith.addi %fbase, %fbasec11 : index
    memref.store %log2, %floats[%fbase11] : memref<?xf32>
    %log10 = math.log10 %pos : f32
    %fbasec12 = arith.constant 12 : index
    %fbase12 = arith.addi %fbase, %fbasec12 : index
    memref.store %log10, %floats[%fbase12] : memref<?xf32>
    %sqrt = math.sqrt %pos : f32
    %fbasec13 = arith.constant 13 : index
    %fbase13 = arith.addi %fbase, %fbasec13 : index
    memref.store %sqrt, %floats[%fbase13] : memref<?xf32>
    %rsqrt = math.rsqrt %pos : f32
    %fbasec14 = arith.constant 14 : index
    %fbase14 = arith.addi %fbase, %fbasec14 : index
    memref.store %rsqrt, %floats[%fbase14] : memref<?xf32>
    %powf = math.powf %pos, %b : f32
    %fbasec15 = arith.constant 15 : index
    %fbase15 = arith.addi %fbase, %fbasec15 : index
    memref.store %powf, %floats[%fbase15] : memref<?xf32>
    %fma = math.fma %a, %b, %pos : f32
    %fbasec16 = arith.constant 16 : index
    %fbase16 = arith.addi %fbase, %fbasec16 : index
    memref.store %fma, %floats[%fbase16] : memref<?xf32>
    %addf = arith.addf %a, %b : f32
    %fbasec17 = arith.constant 17 : index
    %fbase17 = arith.addi %fbase, %fbasec17 : index
    memref.store %addf, %floats[%fbase17] : memref<?xf32>
    %subf = arith.subf %a, %b : f32
    %fbasec18 = arith.constant 18 : index
    %fbase18 = arith.addi %fbase, %fbasec18 : index
    memref.store %subf, %floats[%fbase18] : memref<?xf32>
    %mulf = arith.mulf %a, %b : f32
    %fbasec19 = arith.constant 19 : index
    %fbase19 = arith.addi %fbase, %fbasec19 : index
    memref.store %mulf, %floats[%fbase19] : memref<?xf32>
    %divf = arith.divf %a, %b : f32
    %fbasec20 = arith.constant 20 : index
    %fbase20 = arith.addi %fbase, %fbasec20 : index
    memref.store %divf, %floats[%fbase20] : memref<?xf32>
    %maximumf = arith.maximumf %a, %b : f32
    %fbasec21 = arith.constant 21 : index
    %fbase21 = arith.addi %fbase, %fbasec21 : index
    memref.store %maximumf, %floats[%fbase21] : memref<?xf32>
    %minimumf = arith.minimumf %a, %b : f32
    %fbasec22 = arith.constant 22 : index
    %fbase22 = arith.addi %fbase, %fbasec22 : index
    memref.store %minimumf, %floats[%fbase22] : memref<?xf32>
    %maxnumf = arith.maxnumf %a, %b : f32
    %fbasec23 = arith.constant 23 : index
    %fbase23 = arith.addi %fbase, %fbasec23 : index
    memref.store %maxnumf, %floats[%fbase23] : memref<?xf32>
    %minnumf = arith.minnumf %a, %b : f32
    %fbasec24 = arith.constant 24 : index
    %fbase24 = arith.addi %fbase, %fbasec24 : index
    memref.store %minnumf, %floats[%fbase24] : memref<?xf32>
    %negf = arith.negf %a : f32
    %fbasec25 = arith.constant 25 : index
    %fbase25 = arith.addi %fbase, %fbasec25 : index
    memref.store %negf, %floats[%fbase25] : memref<?xf32>
    %cmpfalse = arith.cmpf false, %a, %b : f32
    %selfalse = arith.select %cmpfalse, %a, %pos : f32
    %fbasec26 = arith.constant 26 : index
    %fbase26 = arith.addi %fbase, %fbasec26 : index
    memref.store %selfalse, %floats[%fbase26] : memref<?xf32>
    %cmpoeq = arith.cmpf oeq, %a, %b : f32
    %seloeq = arith.select %cmpoeq, %a, %pos : f32
    %fbasec27 = arith.constant 27 : index
    %fbase27 = arith.addi %fbase, %fbasec27 : index
    memref.store %seloeq, %floats[%fbase27] : memref<?xf32>
    %cmpogt = arith.cmpf ogt, %a, %b : f32
    %selogt = arith.select %cmpogt, %a, %pos : f32
    %fbasec28 = arith.constant 28 : index
    %fbase28 = arith.addi %fbase, %fbasec28 : index
    memref.store %selogt, %floats[%fbase28] : memref<?xf32>
    %cmpoge = arith.cmpf oge, %a, %b : f32
    %seloge = arith.select %cmpoge, %a, %pos : f32
    %fbasec29 = arith.constant 29 : index
    %fbase29 = arith.addi %fbase, %fbasec29 : index
    memref.store %seloge, %floats[%fbase29] : memref<?xf32>
    %cmpolt = arith.cmpf olt, %a, %b : f32
    %selolt = arith.select %cmpolt, %a, %pos : f32
    %fbasec30 = arith.constant 30 : index
    %fbase30 = arith.addi %fbase, %fbasec30 : index
    memref.store %selolt, %floats[%fbase30] : memref<?xf32>
    %cmpole = arith.cmpf ole, %a, %b : f32
    %selole = arith.select %cmpole, %a, %pos : f32
    %fbasec31 = arith.constant 31 : index
    %fbase31 = arith.addi %fbase, %fbasec31 : index
    memref.store %selole, %floats[%fbase31] : memref<?xf32>
    %cmpone = arith.cmpf one, %a, %b : f32
    %selone = arith.select %cmpone, %a, %pos : f32
    %fbasec32 = arith.constant 32 : index
    %fbase32 = arith.addi %fbase, %fbasec32 : index
    memref.store %selone, %floats[%fbase32] : memref<?xf32>
    %cmpord = arith.cmpf ord, %a, %b : f32
    %selord = arith.select %cmpord, %a, %pos : f32
    %fbasec33 = arith.constant 33 : index
    %fbase33 = arith.addi %fbase, %fbasec33 : index
    memref.store %selord, %floats[%fbase33] : memref<?xf32>
    %cmpueq = arith.cmpf ueq, %a, %b : f32
    %selueq = arith.select %cmpueq, %a, %pos : f32
    %fbasec34 = arith.constant 34 : index
    %fbase34 = arith.addi %fbase, %fbasec34 : index
    memref.store %selueq, %floats[%fbase34] : memref<?xf32>
    %cmpugt = arith.cmpf ugt, %a, %b : f32
    %selugt = arith.select %cmpugt, %a, %pos : f32
    %fbasec35 = arith.constant 35 : index
    %fbase35 = arith.addi %fbase, %fbasec35 : index
    memref.store %selugt, %floats[%fbase35] : memref<?xf32>
    %cmpuge = arith.cmpf uge, %a, %b : f32
    %seluge = arith.select %cmpuge, %a, %pos : f32
    %fbasec36 = arith.constant 36 : index
    %fbase36 = arith.addi %fbase, %fbasec36 : index
    memref.store %seluge, %floats[%fbase36] : memref<?xf32>
    %cmpult = arith.cmpf ult, %a, %b : f32
    %selult = arith.select %cmpult, %a, %pos : f32
    %fbasec37 = arith.constant 37 : index
    %fbase37 = arith.addi %fbase, %fbasec37 : index
    memref.store %selult, %floats[%fbase37] : memref<?xf32>
    %cmpule = arith.cmpf ule, %a, %b : f32
    %selule = arith.select %cmpule, %a, %pos : f32
    %fbasec38 = arith.constant 38 : index
    %fbase38 = arith.addi %fbase, %fbasec38 : index
    memref.store %selule, %floats[%fbase38] : memref<?xf32>
    %cmpune = arith.cmpf une, %a, %b : f32
    %selune = arith.select %cmpune, %a, %pos : f32
    %fbasec39 = arith.constant 39 : index
    %fbase39 = arith.addi %fbase, %fbasec39 : index
    memref.store %selune, %floats[%fbase39] : memref<?xf32>
    %cmpuno = arith.cmpf uno, %a, %b : f32
    %seluno = arith.select %cmpuno, %a, %pos : f32
    %fbasec40 = arith.constant 40 : index
    %fbase40 = arith.addi %fbase, %fbasec40 : index
    memref.store %seluno, %floats[%fbase40] : memref<?xf32>
    %cmptrue = arith.cmpf true, %a, %b : f32
    %seltrue = arith.select %cmptrue, %a, %pos : f32
    %fbasec41 = arith.constant 41 : index
    %fbase41 = arith.addi %fbase, %fbasec41 : index
    memref.store %seltrue, %floats[%fbase41] : memref<?xf32>
    %sitofp = arith.sitofp %i : i32 to f32
    %fbasec42 = arith.constant 42 : index
    %fbase42 = arith.addi %fbase, %fbasec42 : index
    memref.store %sitofp, %floats[%fbase42] : memref<?xf32>
    %d1 = arith.subf %a, %b : f32
    %d2 = arith.subf %b, %d1 : f32
    %d3 = arith.subf %d1, %d2 : f32
    %n1 = arith.negf %d3 : f32
    %n2 = arith.negf %n1 : f32
    %n3 = arith.subf %a, %n2 : f32
    %fbasec43 = arith.constant 43 : index
    %fbase43 = arith.addi %fbase, %fbasec43 : index
    memref.store %n3, %floats[%fbase43] : memref<?xf32>
    %q1 = arith.divf %a, %pos : f32
    %q2 = arith.divf %pos, %q1 : f32
    %q3 = arith.mulf %q2, %b : f32
    %q4 = arith.mulf %b, %q3 : f32
    %fbasec44 = arith.constant 44 : index
    %fbase44 = arith.addi %fbase, %fbasec44 : index
    memref.store %q4, %floats[%fbase44] : memref<?xf32>
    %zero = arith.constant 0.0 : f32
    %c5 = arith.constant 5 : index
    %sum, %prod = scf.for %s = %c0 to %c5 step %c1 iter_args(%u = %a, %v = %b) -> (f32, f32) {
      %uv = arith.addf %u, %v : f32
      scf.yield %v, %uv : f32, f32
    }
    %fib = arith.subf %sum, %prod : f32
    %fbasec45 = arith.constant 45 : index
    %fbase45 = arith.addi %fbase, %fbasec45 : index
    memref.store %fib, %floats[%fbase45] : memref<?xf32>
    %less = arith.cmpf olt, %a, %b : f32
    %lo, %hi = scf.if %less -> (f32, f32) {
      scf.yield %a, %b : f32, f32
    } else {
      %shift = arith.addf %a, %half : f32
      scf.yield %b, %shift : f32, f32
    }
    %width = arith.subf %hi, %lo : f32
    %fbasec46 = arith.constant 46 : index
    %fbase46 = arith.addi %fbase, %fbasec46 : index
    memref.store %width, %floats[%fbase46] : memref<?xf32>
    %nested = scf.for %s = %c0 to %c5 step %c2 iter_args(%acc = %zero) -> (f32) {
      %inner = scf.for %q = %s to %c5 step %c1 iter_args(%acc2 = %acc) -> (f32) {
        %term = arith.mulf %a, %b : f32
        %acc3 = arith.addf %acc2, %term : f32
        scf.yield %acc3 : f32
      }
      %acc4 = arith.addf %inner, %half : f32
      scf.yield %acc4 : f32
    }
    %fbasec47 = arith.constant 47 : index
    %fbase47 = arith.addi %fbase, %fbasec47 : index
    memref.store %nested, %floats[%fbase47] : memref<?xf32>
    %buf = memref.alloca() : memref<5xf32>
    scf.for %s = %c0 to %c5 step %c1 {
      memref.store %a, %buf[%s] : memref<5xf32>
    }
    %before = memref.load %buf[%c2] : memref<5xf32>
    memref.store %b, %buf[%c2] : memref<5xf32>
    %after = memref.load %buf[%c2] : memref<5xf32>
    %change = arith.subf %before, %after : f32
    %fbasec48 = arith.constant 48 : index
    %fbase48 = arith.addi %fbase, %fbasec48 : index
    memref.store %change, %floats[%fbase48] : memref<?xf32>
    %cell = memref.alloca() : memref<1xf32>
    memref.store %a, %cell[%c0] : memref<1xf32>
    %old = memref.load %cell[%c0] : memref<1xf32>
    scf.if %less {
      memref.store %b, %cell[%c0] : memref<1xf32>
    }
    %new = memref.load %cell[%c0] : memref<1xf32>
    %both = arith.addf %old, %new : f32
    %fbasec49 = arith.constant 49 : index
    %fbase49 = arith.addi %fbase, %fbasec49 : index
    memref.store %both, %floats[%fbase49] : memref<?xf32>
    %addi = arith.addi %i, %j : i32
    %ibasec0 = arith.constant 0 : index
    %ibase0 = arith.addi %ibase, %ibasec0 : index
    memref.store %addi, %ints[%ibase0] : memref<?xi32>
    %subi = arith.subi %i, %j : i32
    %ibasec1 = arith.constant 1 : index
    %ibase1 = arith.addi %ibase, %ibasec1 : index
    memref.store %subi, %ints[%ibase1] : memref<?xi32>
    %muli = arith.muli %i, %j : i32
    %ibasec2 = arith.constant 2 : index
    %ibase2 = arith.addi %ibase, %ibasec2 : index
    memref.store %muli, %ints[%ibase2] : memref<?xi32>
    %divsi = arith.divsi %i, %j : i32
    %ibasec3 = arith.constant 3 : index
    %ibase3 = arith.addi %ibase, %ibasec3 : index
    memref.store %divsi, %ints[%ibase3] : memref<?xi32>
    %remsi = arith.remsi %i, %j : i32
    %ibasec4 = arith.constant 4 : index
    %ibase4 = arith.addi %ibase, %ibasec4 : index
    memref.store %remsi, %ints[%ibase4] : memref<?xi32>
    %floordivsi = arith.floordivsi %i, %j : i32
    %ibasec5 = arith.constant 5 : index
    %ibase5 = arith.addi %ibase, %ibasec5 : index
    memref.store %floordivsi, %ints[%ibase5] : memref<?xi32>
    %ceildivsi = arith.ceildivsi %i, %j : i32
    %ibasec6 = arith.constant 6 : index
    %ibase6 = arith.addi %ibase, %ibasec6 : index
    memref.store %ceildivsi, %ints[%ibase6] : memref<?xi32>
    %minsi = arith.minsi %i, %j : i32
    %ibasec7 = arith.constant 7 : index
    %ibase7 = arith.addi %ibase, %ibasec7 : index
    memref.store %minsi, %ints[%ibase7] : memref<?xi32>
    %maxsi = arith.maxsi %i, %j : i32
    %ibasec8 = arith.constant 8 : index
    %ibase8 = arith.addi %ibase, %ibasec8 : index
    memref.store %maxsi, %ints[%ibase8] : memref<?xi32>
    %andi = arith.andi %i, %j : i32
    %ibasec9 = arith.constant 9 : index
    %ibase9 = arith.addi %ibase, %ibasec9 : index
    memref.store %andi, %ints[%ibase9] : memref<?xi32>
    %ori = arith.ori %i, %j : i32
    %ibasec10 = arith.constant 10 : index
    %ibase10 = arith.addi %ibase, %ibasec10 : index
    memref.store %ori, %ints[%ibase10] : memref<?xi32>
    %xori = arith.xori %i, %j : i32
    %ibasec11 = arith.constant 11 : index
    %ibase11 = arith.addi %ibase, %ibasec11 : index
    memref.store %xori, %ints[%ibase11] : memref<?xi32>
    %cieq = arith.cmpi eq, %i, %j : i32
    %sieq = arith.select %cieq, %i, %j : i32
    %ibasec12 = arith.constant 12 : index
    %ibase12 = arith.addi %ibase, %ibasec12 : index
    memref.store %sieq, %ints[%ibase12] : memref<?xi32>
    %cine = arith.cmpi ne, %i, %j : i32
    %sine = arith.select %cine, %i, %j : i32
    %ibasec13 = arith.constant 13 : index
    %ibase13 = arith.addi %ibase, %ibasec13 : index
    memref.store %sine, %ints[%ibase13] : memref<?xi32>
    %cislt = arith.cmpi slt, %i, %j : i32
    %sislt = arith.select %cislt, %i, %j : i32
    %ibasec14 = arith.constant 14 : index
    %ibase14 = arith.addi %ibase, %ibasec14 : index
    memref.store %sislt, %ints[%ibase14] : memref<?xi32>
    %cisle = arith.cmpi sle, %i, %j : i32
    %sisle = arith.select %cisle, %i, %j : i32
    %ibasec15 = arith.constant 15 : index
    %ibase15 = arith.addi %ibase, %ibasec15 : index
    memref.store %sisle, %ints[%ibase15] : memref<?xi32>
    %cisgt = arith.cmpi sgt, %i, %j : i32
    %sisgt = arith.select %cisgt, %i, %j : i32
    %ibasec16 = arith.constant 16 : index
    %ibase16 = arith.addi %ibase, %ibasec16 : index
    memref.store %sisgt, %ints[%ibase16] : memref<?xi32>
    %cisge = arith.cmpi sge, %i, %j : i32
    %sisge = arith.select %cisge, %i, %j : i32
    %ibasec17 = arith.constant 17 : index
    %ibase17 = arith.addi %ibase, %ibasec17 : index
    memref.store %sisge, %ints[%ibase17] : memref<?xi32>
    %ciult = arith.cmpi ult, %i, %j : i32
    %siult = arith.select %ciult, %i, %j : i32
    %ibasec18 = arith.constant 18 : index
    %ibase18 = arith.addi %ibase, %ibasec18 : index
    memref.store %siult, %ints[%ibase18] : memref<?xi32>
    %ciule = arith.cmpi ule, %i, %j : i32
    %siule = arith.select %ciule, %i, %j : i32
    %ibasec19 = arith.constant 19 : index
    %ibase19 = arith.addi %ibase, %ibasec19 : index
    memref.store %siule, %ints[%ibase19] : memref<?xi32>
    %ciugt = arith.cmpi ugt, %i, %j : i32
    %siugt = arith.select %ciugt, %i, %j : i32
    %ibasec20 = arith.constant 20 : index
    %ibase20 = arith.addi %ibase, %ibasec20 : index
    memref.store %siugt, %ints[%ibase20] : memref<?xi32>
    %ciuge = arith.cmpi uge, %i, %j : i32
    %siuge = arith.select %ciuge, %i, %j : i32
    %ibasec21 = arith.constant 21 : index
    %ibase21 = arith.addi %ibase, %ibasec21 : index
    memref.store %siuge, %ints[%ibase21] : memref<?xi32>
    %fi = arith.fptosi %a : f32 to i32
    %ibasec22 = arith.constant 22 : index
    %ibase22 = arith.addi %ibase, %ibasec22 : index
    memref.store %fi, %ints[%ibase22] : memref<?xi32>
    %e64 = arith.extsi %i : i32 to i64
    %big = arith.constant 4294967296 : i64
    %m64 = arith.muli %e64, %big : i64
    %d64 = arith.divsi %m64, %big : i64
    %t32 = arith.trunci %d64 : i64 to i32
    %ibasec23 = arith.constant 23 : index
    %ibase23 = arith.addi %ibase, %ibasec23 : index
    memref.store %t32, %ints[%ibase23] : memref<?xi32>
    %ix = arith.index_cast %i : i32 to index
    %jx = arith.index_cast %j : i32 to index
    %fdx = arith.floordivsi %ix, %jx : index
    %cdx = arith.ceildivsi %ix, %jx : index
    %mnx = arith.minsi %fdx, %cdx : index
    %bx = arith.index_cast %mnx : index to i32
    %ibasec24 = arith.constant 24 : index
    %ibase24 = arith.addi %ibase, %ibasec24 : index
    memref.store %bx, %ints[%ibase24] : memref<?xi32>
    %t1 = arith.cmpi slt, %i, %j : i32
    %t2 = arith.cmpf olt, %a, %b : f32
    %t3 = arith.andi %t1, %t2 : i1
    %t4 = arith.ori %t3, %t1 : i1
    %t5 = arith.xori %t4, %t2 : i1
    %yes = arith.constant true
    %t6 = arith.xori %t5, %yes : i1
    %t7 = arith.andi %t6, %t4 : i1
    %t8 = arith.select %t7, %i, %j : i32
    %ibasec25 = arith.constant 25 : index
    %ibase25 = arith.addi %ibase, %ibasec25 : index
    memref.store %t8, %ints[%ibase25] : memref<?xi32>
    %x1 = arith.extsi %t1 : i1 to i32
    %ibasec26 = arith.constant 26 : index
    %ibase26 = arith.addi %ibase, %ibasec26 : index
    memref.store %x1, %ints[%ibase26] : memref<?xi32>
    %tr = arith.trunci %i : i32 to i1
    %trs = arith.select %tr, %i, %j : i32
    %ibasec27 = arith.constant 27 : index
    %ibase27 = arith.addi %ibase, %ibasec27 : index
    memref.store %trs, %ints[%ibase27] : memref<?xi32>
    scf.reduce
  }) : (index, index, index) -> ()
  func.return
}
