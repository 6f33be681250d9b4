// RUN: anamc-opt %s -p ad-expand | filecheck %s

// The tangent of the side that is taken; nothing comes from what is compared. In reverse the choice comes last.
// CHECK-LABEL: func.func private @where_jvp
// CHECK:         %z = mlp.where "ogt" %x, %y then %l else %b : tensor<4xf64>
// CHECK:         %[[A:\w+]] = mlp.where "ogt" %x, %y then %{{.*}} else %{{.*}} : tensor<4xf64>
// CHECK:         %[[B:\w+]] = mlp.where "ogt" %x, %y then %{{.*}} else %b_dot : tensor<4xf64>
// CHECK:         arith.addf %[[A]], %[[B]] : tensor<4xf64>
// CHECK-LABEL: func.func private @where_vjp
// CHECK:         mlp.where "ogt" %x, %y then %{{.*}} else %b : tensor<4xf64>
// CHECK-NEXT:    %[[V:\w+]] = arith.divf %z_bar, %a : tensor<4xf64>
// CHECK:         mlp.where "ogt" %x, %y then %[[V]] else %{{.*}} : tensor<4xf64>
// CHECK:         mlp.where "ogt" %x, %y then %{{.*}} else %z_bar : tensor<4xf64>
func.func private @where(%x: tensor<4xf64>, %y: tensor<4xf64>, %a: tensor<4xf64>, %b: tensor<4xf64>) -> tensor<4xf64> {
  %l = math.log %a : tensor<4xf64>
  %z = mlp.where "ogt" %x, %y then %l else %b : tensor<4xf64>
  func.return %z : tensor<4xf64>
}
func.func @derivatives(%x: tensor<4xf64>, %y: tensor<4xf64>) -> (tensor<4xf64>, tensor<4xf64>, tensor<4xf64>) {
  %z, %ab, %bb = ad.vjp @where(%x, %y, %x, %y) cotangents(%x) wrt [2, 3] : (tensor<4xf64>, tensor<4xf64>, tensor<4xf64>, tensor<4xf64>, tensor<4xf64>) -> (tensor<4xf64>, tensor<4xf64>, tensor<4xf64>)
  %w, %wd = ad.jvp @where(%x, %y, %x, %y) tangents(%x, %y, %x, %y) wrt [0, 1, 2, 3] : (tensor<4xf64>, tensor<4xf64>, tensor<4xf64>, tensor<4xf64>, tensor<4xf64>, tensor<4xf64>, tensor<4xf64>, tensor<4xf64>) -> (tensor<4xf64>, tensor<4xf64>)
  func.return %ab, %bb, %wd : tensor<4xf64>, tensor<4xf64>, tensor<4xf64>
}
