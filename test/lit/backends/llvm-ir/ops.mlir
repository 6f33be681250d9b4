// RUN: anamc-opt %s -t llvm-ir --split-input-file | filecheck %s

// Hints are kept, a second use gets a number, unnamed values are v1, v2, ...
// CHECK-LABEL: define i64 @names(i64 %n, i64 %x)
llvm.func @names(%n: i64, %x: i64) -> i64 {
  // CHECK:      %x_1 = add i64 %n, %x
  // CHECK-NEXT: %v1 = mul nsw nuw i64 %x_1, 3
  // CHECK-NEXT: ret i64 %v1
  %x_1 = llvm.add %n, %x : i64
  %c = llvm.mlir.constant(3) : i64
  %0 = llvm.mul %x_1, %c overflow<nsw, nuw> : i64
  llvm.return %0 : i64
}

// -----

// CHECK-LABEL: define void @integers
llvm.func @integers(%a: i64, %b: i64, %c: i1) {
  // CHECK:      %r0 = sub i64 %a, %b
  // CHECK-NEXT: %r1 = sdiv exact i64 %a, %b
  // CHECK-NEXT: %r2 = srem i64 %a, %b
  // CHECK-NEXT: %r3 = and i64 %a, %b
  // CHECK-NEXT: %r4 = or disjoint i64 %a, %b
  // CHECK-NEXT: %r5 = xor i64 %a, %b
  // CHECK-NEXT: %r6 = icmp sle i64 %a, %b
  // CHECK-NEXT: %r7 = select i1 %c, i64 %a, i64 %b
  // CHECK-NEXT: %r8 = call i64 @llvm.smax.i64(i64 %a, i64 %b)
  %r0 = llvm.sub %a, %b : i64
  %r1 = llvm.sdiv exact %a, %b : i64
  %r2 = llvm.srem %a, %b : i64
  %r3 = llvm.and %a, %b : i64
  %r4 = llvm.or disjoint %a, %b : i64
  %r5 = llvm.xor %a, %b : i64
  %r6 = llvm.icmp "sle" %a, %b : i64
  %r7 = llvm.select %c, %a, %b : i1, i64
  %r8 = llvm.call_intrinsic "llvm.smax.i64"(%a, %b) : (i64, i64) -> i64
  llvm.return
}
// CHECK: declare i64 @llvm.smax.i64(i64, i64)

// -----

// Fast-math flags are sorted.
// CHECK-LABEL: define void @floats
llvm.func @floats(%x: f32, %y: f32) {
  // CHECK:      %r0 = fadd contract nsz float %x, %y
  // CHECK-NEXT: %r1 = fsub fast float %x, %y
  // CHECK-NEXT: %r2 = fdiv float %x, %y
  // CHECK-NEXT: %r3 = fneg float %x
  // CHECK-NEXT: %r4 = fcmp ult float %x, %y
  // CHECK-NEXT: %r5 = fcmp true float %x, %y
  // CHECK-NEXT: %r6 = call float @llvm.sqrt.f32(float %x)
  // CHECK-NEXT: %r7 = call float @llvm.maxnum.f32(float %x, float %y)
  // CHECK-NEXT: %r8 = call contract float @llvm.fma.f32(float %x, float %y, float %x)
  %r0 = llvm.fadd %x, %y {fastmathFlags = #llvm.fastmath<nsz,contract>} : f32
  %r1 = llvm.fsub %x, %y {fastmathFlags = #llvm.fastmath<fast>} : f32
  %r2 = llvm.fdiv %x, %y : f32
  %r3 = llvm.fneg %x : f32
  %r4 = llvm.fcmp "ult" %x, %y : f32
  %r5 = llvm.fcmp "_true" %x, %y : f32
  %r6 = llvm.intr.sqrt(%x) : (f32) -> f32
  %r7 = llvm.intr.maxnum(%x, %y) : (f32, f32) -> f32
  %r8 = llvm.intr.fma(%x, %y, %x) {fastmathFlags = #llvm.fastmath<contract>} : (f32, f32, f32) -> f32
  llvm.return
}
// Each intrinsic is declared once, sorted.
// CHECK:      declare float @llvm.fma.f32(float, float, float)
// CHECK:      declare float @llvm.maxnum.f32(float, float)
// CHECK:      declare float @llvm.sqrt.f32(float)

// -----

// CHECK-LABEL: define void @casts
llvm.func @casts(%i: i32, %x: f32, %p: !llvm.ptr) {
  // CHECK:      %r0 = sext i32 %i to i64
  // CHECK-NEXT: %r1 = zext nneg i32 %i to i64
  // CHECK-NEXT: %r2 = trunc i64 %r0 to i1
  // CHECK-NEXT: %r3 = fpext float %x to double
  // CHECK-NEXT: %r4 = fptrunc double %r3 to float
  // CHECK-NEXT: %r5 = sitofp i32 %i to float
  // CHECK-NEXT: %r6 = ptrtoint ptr %p to i64
  // CHECK-NEXT: %r7 = bitcast float %x to i32
  %r0 = llvm.sext %i : i32 to i64
  %r1 = llvm.zext nneg %i : i32 to i64
  %r2 = llvm.trunc %r0 : i64 to i1
  %r3 = llvm.fpext %x : f32 to f64
  %r4 = llvm.fptrunc %r3 : f64 to f32
  %r5 = llvm.sitofp %i : i32 to f32
  %r6 = llvm.ptrtoint %p : !llvm.ptr to i64
  %r7 = llvm.bitcast %x : f32 to i32
  llvm.return
}

// -----

// Alignment is always printed, also of vectors.
// CHECK-LABEL: define void @memory(ptr %p, i64 %i, <16 x float> %v)
llvm.func @memory(%p: !llvm.ptr, %i: i64, %v: vector<16xf32>) {
  // CHECK:      %z = alloca [4 x float], align 64
  // CHECK-NEXT: %d = alloca float, i64 %i, align 4
  // CHECK-NEXT: %a = getelementptr inbounds float, ptr %p, i64 %i
  // CHECK-NEXT: %b = getelementptr [4 x float], ptr %p, i32 0, i64 %i
  // CHECK-NEXT: %x = load float, ptr %a, align 4
  // CHECK-NEXT: store volatile float %x, ptr %b, align 4
  // CHECK-NEXT: store <16 x float> %v, ptr %p, align 4
  // CHECK-NEXT: store ptr null, ptr %p, align 8
  %one = llvm.mlir.constant(1) : i64
  %z = llvm.alloca %one x !llvm.array<4 x f32> {alignment = 64 : i64} : (i64) -> !llvm.ptr
  %d = llvm.alloca %i x f32 {alignment = 4 : i64} : (i64) -> !llvm.ptr
  %a = llvm.getelementptr inbounds %p[%i] : (!llvm.ptr, i64) -> !llvm.ptr, f32
  %b = llvm.getelementptr %p[0, %i] : (!llvm.ptr, i64) -> !llvm.ptr, !llvm.array<4 x f32>
  %x = llvm.load %a {alignment = 4 : i64} : !llvm.ptr -> f32
  llvm.store volatile %x, %b {alignment = 4 : i64} : f32, !llvm.ptr
  llvm.store %v, %p {alignment = 4 : i64} : vector<16xf32>, !llvm.ptr
  %null = llvm.mlir.zero : !llvm.ptr
  llvm.store %null, %p {alignment = 8 : i64} : !llvm.ptr, !llvm.ptr
  llvm.return
}

// -----

// Decimal where that is exact, else the bits; a float is rounded first.
// CHECK-LABEL: define void @constants
llvm.func @constants(%p: !llvm.ptr) {
  // CHECK:      store float 5.000000e-01, ptr %p, align 4
  // CHECK-NEXT: store float 0x3FB99999A0000000, ptr %p, align 4
  // CHECK-NEXT: store double 1.000000e-01, ptr %p, align 8
  // CHECK-NEXT: store double 0x3FF3C0CA428C59DD, ptr %p, align 8
  // CHECK-NEXT: store float 0x7FF8000000000000, ptr %p, align 4
  // CHECK-NEXT: store double 0xFFF0000000000000, ptr %p, align 8
  // CHECK-NEXT: store float -0.000000e+00, ptr %p, align 4
  // CHECK-NEXT: store i1 true, ptr %p, align 1
  // CHECK-NEXT: store i64 -7, ptr %p, align 8
  // CHECK-NEXT: store <2 x float> <float 1.000000e+00, float 2.000000e+00>, ptr %p, align 4
  // CHECK-NEXT: store float undef, ptr %p, align 4
  %a = llvm.mlir.constant(0.5 : f32) : f32
  %b = llvm.mlir.constant(0.1 : f32) : f32
  %c = llvm.mlir.constant(0.1 : f64) : f64
  %d = llvm.mlir.constant(1.23456789012345 : f64) : f64
  %e = llvm.mlir.constant(0x7FC00000 : f32) : f32
  %f = llvm.mlir.constant(0xFFF0000000000000 : f64) : f64
  %g = llvm.mlir.constant(-0.0 : f32) : f32
  %h = llvm.mlir.constant(true) : i1
  %i = llvm.mlir.constant(-7) : i64
  %j = llvm.mlir.constant(dense<[1.0, 2.0]> : vector<2xf32>) : vector<2xf32>
  %k = llvm.mlir.undef : f32
  llvm.store %a, %p {alignment = 4 : i64} : f32, !llvm.ptr
  llvm.store %b, %p {alignment = 4 : i64} : f32, !llvm.ptr
  llvm.store %c, %p {alignment = 8 : i64} : f64, !llvm.ptr
  llvm.store %d, %p {alignment = 8 : i64} : f64, !llvm.ptr
  llvm.store %e, %p {alignment = 4 : i64} : f32, !llvm.ptr
  llvm.store %f, %p {alignment = 8 : i64} : f64, !llvm.ptr
  llvm.store %g, %p {alignment = 4 : i64} : f32, !llvm.ptr
  llvm.store %h, %p {alignment = 1 : i64} : i1, !llvm.ptr
  llvm.store %i, %p {alignment = 8 : i64} : i64, !llvm.ptr
  llvm.store %j, %p {alignment = 4 : i64} : vector<2xf32>, !llvm.ptr
  llvm.store %k, %p {alignment = 4 : i64} : f32, !llvm.ptr
  llvm.return
}

// -----

// Block arguments are phis; one may name a later value.
// CHECK-LABEL: define float @blocks(i1 %c, float %x)
llvm.func @blocks(%c: i1, %x: f32) -> f32 {
  // CHECK-NEXT: entry:
  // CHECK-NEXT:   br label %bb1
  // CHECK:      bb1:
  // CHECK-NEXT:   %acc = phi float [ %x, %entry ], [ %next, %bb1 ]
  // CHECK-NEXT:   %next = fadd float %acc, %x
  // CHECK-NEXT:   br i1 %c, label %bb1, label %bb2
  // CHECK:      bb2:
  // CHECK-NEXT:   ret float %next
  llvm.br ^bb1(%x : f32)
^bb1(%acc: f32):
  %next = llvm.fadd %acc, %x : f32
  llvm.cond_br %c, ^bb1(%next : f32), ^bb2
^bb2:
  llvm.return %next : f32
}

// -----

// CHECK-LABEL: define void @no_return
// CHECK:         unreachable
llvm.func @no_return() {
  llvm.unreachable
}
