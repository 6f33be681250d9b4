// RUN: anamc-opt %s --split-input-file --verify-diagnostics --parsing-diagnostics | filecheck %s

"test.op"() {s = #kernel.schedule<lanes = rows, blok = 32>} : () -> ()
// CHECK: #kernel.schedule has no 'blok': expected lanes, vector, block, tile, chunk, least or ahead

// -----

"test.op"() {s = #kernel.schedule<lanes = rows, vector = 8, vector = 16>} : () -> ()
// CHECK: #kernel.schedule has 'vector' twice

// -----

"test.op"() {s = #kernel.schedule<lanes = columns>} : () -> ()
// CHECK: #kernel.schedule: lanes must be one of none, rows, features, elements, got 'columns'

// -----

"test.op"() {s = #kernel.schedule<lanes = rows, vector = 16, block = 33, tile = [12, 2], chunk = 1024>} : () -> ()
// CHECK: #kernel.schedule: block = 33 is not vector = 16 times 2 of tile

// -----

"test.op"() {s = #kernel.schedule<lanes = rows, vector = 16, block = 32, tile = [12, 2], chunk = 1000>} : () -> ()
// CHECK: #kernel.schedule: chunk = 1000 is no multiple of block = 32

// -----

"test.op"() {s = #kernel.schedule<lanes = rows, vector = 12>} : () -> ()
// CHECK: #kernel.schedule: vector must be a power of 2, got 12

// -----

"test.op"() {s = #kernel.schedule<tile = [12]>} : () -> ()
// CHECK: #kernel.schedule: tile needs two numbers, outputs and vectors

// -----

// Keys without an effect.
"test.op"() {s = #kernel.schedule<vector = 16>} : () -> ()
// CHECK: #kernel.schedule: lanes = none has no use for vector

// -----

"test.op"() {s = #kernel.schedule<lanes = none, chunk = 64>} : () -> ()
// CHECK: #kernel.schedule: lanes = none has no use for chunk

// -----

"test.op"() {s = #kernel.schedule<lanes = elements, vector = 16, block = 8, tile = [24, 1]>} : () -> ()
// CHECK: #kernel.schedule: lanes = elements has no use for block

// -----

"test.op"() {s = #kernel.schedule<lanes = elements, vector = 16, tile = [24, 1], chunk = 64>} : () -> ()
// CHECK: #kernel.schedule: lanes = elements has no use for chunk

// -----

// Vectors of one number are none.
"test.op"() {s = #kernel.schedule<lanes = features, block = 8, chunk = 8>} : () -> ()
// CHECK: #kernel.schedule: lanes = features needs a vector of 2 or more

// -----

"test.op"() {s = #kernel.schedule<lanes = rows, vector = 16, block = 32, tile = [12, 2], chunk = 64, least = 24>} : () -> ()
// CHECK: #kernel.schedule: least = 24 is no multiple of vector = 16

// -----

"test.op"() {s = #kernel.schedule<lanes = features, vector = 16, block = 24, tile = [6, 4], chunk = 48, least = 72>} : () -> ()
// CHECK: #kernel.schedule: least = 72 is more than chunk = 48

// -----

"test.op"() {s = #kernel.schedule<lanes = elements, vector = 8, tile = [24, 1], ahead = 4>} : () -> ()
// CHECK: #kernel.schedule: lanes = elements has no use for ahead

// -----

"test.op"() {s = #kernel.schedule<lanes = rows, ahead = -1>} : () -> ()
// CHECK: #kernel.schedule: ahead must be 0 or more, got -1

// -----

"test.op"() {s = #kernel.schedule<lanes = rows, block = 0>} : () -> ()
// CHECK: #kernel.schedule: every number but ahead must be 1 or more
