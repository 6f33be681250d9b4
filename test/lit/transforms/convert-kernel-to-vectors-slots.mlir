// RUN: anamc-opt %s -p convert-kernel-to-vectors --split-input-file | filecheck %s
// RUN: anamc-opt %s -p convert-kernel-to-loops --split-input-file | filecheck %s --check-prefix=LOOPS

// Chunk k adds to place k mod 4: four run side by side, the chunks of one in order.
// CHECK-LABEL: func.func @slots
// CHECK:         %[[C:.*]] = arith.ceildivsi %n, %{{.*}} : index
// CHECK:         %[[M:.*]] = arith.minsi %[[C]], %{{.*}} : index
// CHECK:         "scf.parallel"(%{{.*}}, %[[M]], %{{.*}})
// CHECK:         ^bb0(%slot: index):
// CHECK-NEXT:      %[[L:.*]] = arith.subi %[[C]], %slot : index
// CHECK-NEXT:      %[[T:.*]] = arith.ceildivsi %[[L]], %[[FOUR:.*]] : index
// CHECK-NEXT:      scf.for %chunk = %{{.*}} to %[[T]] step
// CHECK-NEXT:        %[[P:.*]] = arith.muli %chunk, %[[FOUR]] : index
// CHECK-NEXT:        %[[K:.*]] = arith.addi %[[P]], %slot : index
// CHECK-NEXT:        arith.muli %[[K]], %{{.*}} : index
// CHECK:             memref.store %{{.*}}, %s[%slot, %{{.*}}]
// LOOPS-LABEL: func.func @slots
// LOOPS:         ^bb0(%slot: index):
// LOOPS:           scf.for %block
// LOOPS:             memref.store %{{.*}}, %s[%slot, %{{.*}}]
func.func @slots(%n: index, %x: memref<?x3xf32>, %s: memref<?x3xf32>) {
  kernel.rows r = %n read(%x[r] : memref<?x3xf32>) add(%s[(r floordiv 64) mod 4] : memref<?x3xf32>) attributes {schedule = #kernel.schedule<lanes = rows, vector = 16, block = 32, tile = [12, 2], chunk = 64>} {
  ^bb0(%r: index, %a: tensor<3xf32>):
    %e = tensor.empty() : tensor<3xf32>
    %b = nest.map (i = 3) read(%a[i] : tensor<3xf32>) set(%e[i] : tensor<3xf32>) {
    ^bb0(%i: index, %v: f32):
      %c = arith.mulf %v, %v : f32
      nest.yield %c : f32
    }
    kernel.yield %b : tensor<3xf32>
  }
  func.return
}

// -----

// By a plan: in a colour, each place looks for its own chunks.
// CHECK-LABEL: func.func @planned
// CHECK:         scf.for %colour
// CHECK:           "scf.parallel"
// CHECK:           ^bb0(%slot: index):
// CHECK:             scf.for %at
// CHECK:               %[[I:.*]] = memref.load %plan[%at, %{{.*}}]
// CHECK:               %[[O:.*]] = arith.cmpi eq, %{{.*}}, %slot : index
// CHECK:               %[[N:.*]] = arith.select %[[O]], %{{.*}}, %{{.*}} : index
// CHECK:               scf.for %own = %{{.*}} to %[[N]] step
// CHECK:                 memref.store %{{.*}}, %s[%slot]
// LOOPS-LABEL: func.func @planned
// LOOPS:         scf.for %own
// LOOPS:           memref.store %{{.*}}, %s[%slot]
func.func @planned(%n: index, %x: memref<?xf32>, %e: memref<?x2xi32>, %y: memref<?xf32>, %s: memref<?xf32>, %plan: memref<?x2xi32>) {
  kernel.rows r = %n read(%x[r] : memref<?xf32>) add(%y[%e[r, 0]] : memref<?xf32>) add(%s[(r floordiv 64) mod 4] : memref<?xf32>) plan(%plan : memref<?x2xi32> by 64) attributes {schedule = #kernel.schedule<lanes = rows, vector = 16, block = 32, tile = [12, 2], chunk = 64>} {
  ^bb0(%r: index, %a: tensor<f32>):
    %0 = tensor.empty() : tensor<f32>
    %b = nest.map () read(%a : tensor<f32>) set(%0 : tensor<f32>) {
    ^bb0(%v: f32):
      %c = arith.mulf %v, %v : f32
      nest.yield %c : f32
    }
    kernel.yield %b, %b : tensor<f32>, tensor<f32>
  }
  func.return
}
