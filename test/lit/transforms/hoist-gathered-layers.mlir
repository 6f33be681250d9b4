// RUN: anamc-opt %s -p hoist-gathered-layers --split-input-file | filecheck %s

// The rows of the weights are taken apart where they lie; the first term takes the bias. Names say whose part it is, for people who read what is kept.
// CHECK-LABEL: func.func @edges_and_both_ends
// CHECK:         %[[E:.*]], %[[L:.*]], %[[R:.*]] = mlp.unpack %p at 0 : tensor<160xf64> to tensor<4x8xf64>, tensor<8x8xf64>, tensor<8x8xf64>
// CHECK-NOT:     tensor.concat
// CHECK:         %[[A:.*]] = mlp.dense %e, %[[E]], %b
// CHECK:         %[[B:z_left]] = mlp.dense %h, %[[L]], %{{.*}} : (tensor<?x8xf64>, tensor<8x8xf64>, tensor<8xf64>) -> tensor<?x8xf64>
// CHECK-NEXT:    %[[BL:.*]] = scatter.gather %[[B]] at %edges end 0
// CHECK:         %[[C:z_right]] = mlp.dense %h, %[[R]], %{{.*}}
// CHECK-NEXT:    %[[CR:.*]] = scatter.gather %[[C]] at %edges end 1
// CHECK-NEXT:    %[[S:.*]] = arith.addf %[[A]], %[[BL]]
// CHECK-NEXT:    %[[Z:.*]] = arith.addf %[[S]], %[[CR]]
// CHECK-NEXT:    func.return %[[Z]]
func.func @edges_and_both_ends(%p: tensor<160xf64>, %e: tensor<?x4xf64>, %h: tensor<?x8xf64>, %edges: tensor<?x2xi32>, %b: tensor<8xf64>) -> tensor<?x8xf64> {
  %w = mlp.unpack %p at 0 : tensor<160xf64> to tensor<20x8xf64>
  %l = scatter.gather %h at %edges end 0 : (tensor<?x8xf64>, tensor<?x2xi32>) -> tensor<?x8xf64>
  %r = scatter.gather %h at %edges end 1 : (tensor<?x8xf64>, tensor<?x2xi32>) -> tensor<?x8xf64>
  %x = tensor.concat dim(1) %e, %l, %r : (tensor<?x4xf64>, tensor<?x8xf64>, tensor<?x8xf64>) -> tensor<?x20xf64>
  %z = mlp.dense %x, %w, %b : (tensor<?x20xf64>, tensor<20x8xf64>, tensor<8xf64>) -> tensor<?x8xf64>
  func.return %z : tensor<?x8xf64>
}

// -----

// Several fields at one end are put side by side at the nodes.
// CHECK-LABEL: func.func @several_fields
// CHECK:         mlp.unpack %p at 0 : tensor<80xf64> to tensor<10x8xf64>
// CHECK:         %[[X:.*]] = tensor.concat dim(1) %h, %g : (tensor<?x8xf64>, tensor<?x2xf64>) -> tensor<?x10xf64>
// CHECK-NEXT:    %[[Y:.*]] = mlp.dense %[[X]], %{{.*}}, %b
// CHECK-NEXT:    scatter.gather %[[Y]] at %edges end 0
func.func @several_fields(%p: tensor<80xf64>, %h: tensor<?x8xf64>, %g: tensor<?x2xf64>, %edges: tensor<?x2xi32>, %b: tensor<8xf64>) -> tensor<?x8xf64> {
  %w = mlp.unpack %p at 0 : tensor<80xf64> to tensor<10x8xf64>
  %l = scatter.gather %h at %edges end 0 : (tensor<?x8xf64>, tensor<?x2xi32>) -> tensor<?x8xf64>
  %r = scatter.gather %g at %edges end 0 : (tensor<?x2xf64>, tensor<?x2xi32>) -> tensor<?x2xf64>
  %x = tensor.concat dim(1) %l, %r : (tensor<?x8xf64>, tensor<?x2xf64>) -> tensor<?x10xf64>
  %z = mlp.dense %x, %w, %b : (tensor<?x10xf64>, tensor<10x8xf64>, tensor<8xf64>) -> tensor<?x8xf64>
  func.return %z : tensor<?x8xf64>
}

// -----

// Gathering 16 numbers in place of 1 costs more than one product for each of them.
// CHECK-LABEL: func.func @no_hoist_as_the_field_is_narrow
// CHECK:         tensor.concat
// CHECK-NEXT:    mlp.dense
func.func @no_hoist_as_the_field_is_narrow(%p: tensor<80xf64>, %e: tensor<?x4xf64>, %h: tensor<?x1xf64>, %edges: tensor<?x2xi32>, %b: tensor<16xf64>) -> tensor<?x16xf64> {
  %w = mlp.unpack %p at 0 : tensor<80xf64> to tensor<5x16xf64>
  %l = scatter.gather %h at %edges end 0 : (tensor<?x1xf64>, tensor<?x2xi32>) -> tensor<?x1xf64>
  %x = tensor.concat dim(1) %e, %l : (tensor<?x4xf64>, tensor<?x1xf64>) -> tensor<?x5xf64>
  %z = mlp.dense %x, %w, %b : (tensor<?x5xf64>, tensor<5x16xf64>, tensor<16xf64>) -> tensor<?x16xf64>
  func.return %z : tensor<?x16xf64>
}

// -----

// CHECK-LABEL: func.func @no_hoist_as_the_weights_are_no_part_of_a_vector
// CHECK:         tensor.concat
// CHECK-NEXT:    mlp.dense
func.func @no_hoist_as_the_weights_are_no_part_of_a_vector(%w: tensor<20x8xf64>, %e: tensor<?x12xf64>, %h: tensor<?x8xf64>, %edges: tensor<?x2xi32>, %b: tensor<8xf64>) -> tensor<?x8xf64> {
  %l = scatter.gather %h at %edges end 0 : (tensor<?x8xf64>, tensor<?x2xi32>) -> tensor<?x8xf64>
  %x = tensor.concat dim(1) %e, %l : (tensor<?x12xf64>, tensor<?x8xf64>) -> tensor<?x20xf64>
  %z = mlp.dense %x, %w, %b : (tensor<?x20xf64>, tensor<20x8xf64>, tensor<8xf64>) -> tensor<?x8xf64>
  func.return %z : tensor<?x8xf64>
}

// -----

// CHECK-LABEL: func.func @no_hoist_as_nothing_is_gathered
// CHECK:         tensor.concat
// CHECK-NEXT:    mlp.dense
func.func @no_hoist_as_nothing_is_gathered(%p: tensor<160xf64>, %e: tensor<?x12xf64>, %h: tensor<?x8xf64>, %b: tensor<8xf64>) -> tensor<?x8xf64> {
  %w = mlp.unpack %p at 0 : tensor<160xf64> to tensor<20x8xf64>
  %x = tensor.concat dim(1) %e, %h : (tensor<?x12xf64>, tensor<?x8xf64>) -> tensor<?x20xf64>
  %z = mlp.dense %x, %w, %b : (tensor<?x20xf64>, tensor<20x8xf64>, tensor<8xf64>) -> tensor<?x8xf64>
  func.return %z : tensor<?x8xf64>
}
