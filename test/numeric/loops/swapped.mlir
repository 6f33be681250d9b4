// Values change places, one is yielded twice, one comes from outside.
func.func @f(%n: index, %x: tensor<4xf64>, %w: tensor<4xf64>) -> (tensor<4xf64>, tensor<4xf64>, tensor<4xf64>, tensor<4xf64>) {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %y:4 = scf.for %i = %zero to %n step %one iter_args(%a = %x, %b = %w, %c = %x, %d = %x) -> (tensor<4xf64>, tensor<4xf64>, tensor<4xf64>, tensor<4xf64>) {
    %s = math.sin %a : tensor<4xf64>
    %e = tensor.empty() : tensor<4xf64>
    %t = nest.map (i = 4) read(%b[3 - i] : tensor<4xf64>, %d[i] : tensor<4xf64>) set(%e[i] : tensor<4xf64>) {
    ^bb0(%j: index, %p: f64, %q: f64):
      %r = arith.addf %p, %q : f64
      nest.yield %r : f64
    }
    scf.yield %b, %t, %t, %w : tensor<4xf64>, tensor<4xf64>, tensor<4xf64>, tensor<4xf64>
  }
  func.return %y#0, %y#1, %y#2, %y#3 : tensor<4xf64>, tensor<4xf64>, tensor<4xf64>, tensor<4xf64>
}
