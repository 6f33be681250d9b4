// A stencil in time with two versions, and a branch.
func.func @f(%n: index, %x: tensor<16xf64>, %v: tensor<16xf64>, %c: tensor<f64>) -> (tensor<16xf64>, tensor<f64>) {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %two = arith.constant 2 : index
  %none = arith.constant dense<0.0> : tensor<f64>
  %y:3 = scf.for %i = %zero to %n step %one iter_args(%a = %x, %b = %v, %t = %none) -> (tensor<16xf64>, tensor<16xf64>, tensor<f64>) {
    %e = tensor.empty() : tensor<16xf64>
    %d = nest.map (j = 16) read(%a[(j + 1) mod 16] : tensor<16xf64>, %a[(j + 15) mod 16] : tensor<16xf64>, %c : tensor<f64>, %b[j] : tensor<16xf64>) set(%e[j] : tensor<16xf64>) {
    ^bb0(%j: index, %r: f64, %l: f64, %k: f64, %o: f64):
      %p = arith.addf %r, %l : f64
      %q = arith.mulf %p, %k : f64
      %u = arith.subf %q, %o : f64
      nest.yield %u : f64
    }
    %rest = arith.remsi %i, %two : index
    %even = arith.cmpi eq, %rest, %zero : index
    %f = scf.if %even -> (tensor<16xf64>) {
      %g = math.sin %d : tensor<16xf64>
      scf.yield %g : tensor<16xf64>
    } else {
      scf.yield %d : tensor<16xf64>
    }
    %sum = nest.map (j = 16) read(%f[j] : tensor<16xf64>) add(%t : tensor<f64>) {
    ^bb0(%j: index, %r: f64):
      nest.yield %r : f64
    }
    scf.yield %f, %a, %sum : tensor<16xf64>, tensor<16xf64>, tensor<f64>
  }
  func.return %y#0, %y#2 : tensor<16xf64>, tensor<f64>
}
