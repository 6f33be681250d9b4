// Numbers in loops and branches, read from tensors, chosen, spread, put into tensors, and used by a nest.
func.func @f(%n: index, %m: index, %x: tensor<3xf64>, %w: tensor<f64>) -> (tensor<3xf64>, tensor<2xf64>, tensor<?xf64>, tensor<f64>) {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %two = arith.constant 2 : index
  %three = arith.constant 3 : index
  %start = arith.constant 1.0 : f64
  %half = arith.constant 0.5 : f64
  %a = tensor.extract %w[] : tensor<f64>
  %s, %v = scf.for %i = %zero to %n step %one iter_args(%p = %start, %q = %x) -> (f64, tensor<3xf64>) {
    %r = scf.for %j = %zero to %m step %one iter_args(%u = %p) -> (f64) {
      %t = arith.mulf %u, %a : f64
      %t2 = math.sin %t : f64
      scf.yield %t2 : f64
    }
    %rest = arith.remsi %i, %two : index
    %even = arith.cmpi eq, %rest, %zero : index
    %c = scf.if %even -> (f64) {
      %k = tensor.extract %q[%one] : tensor<3xf64>
      %k2 = arith.addf %k, %r : f64
      scf.yield %k2 : f64
    } else {
      scf.yield %r : f64
    }
    %all = tensor.splat %c : tensor<3xf64>
    %q2 = arith.mulf %q, %all : tensor<3xf64>
    scf.yield %c, %q2 : f64, tensor<3xf64>
  }
  %e = tensor.empty() : tensor<3xf64>
  %y = nest.map (i = 3) read(%v[i] : tensor<3xf64>) set(%e[i] : tensor<3xf64>) {
  ^bb0(%i: index, %d: f64):
    %d2 = arith.mulf %d, %s : f64
    nest.yield %d2 : f64
  }
  %chain = scf.for %i = %one to %three step %one iter_args(%q = %y) -> (tensor<3xf64>) {
    %before = arith.subi %i, %one : index
    %k = tensor.extract %q[%before] : tensor<3xf64>
    %k2 = math.tanh %k : f64
    %q2 = tensor.insert %k2 into %q[%i] : tensor<3xf64>
    scf.yield %q2 : tensor<3xf64>
  }
  %b = tensor.extract %x[%two] : tensor<3xf64>
  %less = arith.cmpf olt, %b, %a : f64
  %small = arith.select %less, %b, %a : f64
  %many = arith.cmpi sgt, %n, %one : index
  %some = arith.select %many, %small, %s : f64
  %pair = tensor.from_elements %small, %half : tensor<2xf64>
  %long = tensor.splat %some[%n] : tensor<?xf64>
  %loss = tensor.from_elements %some : tensor<f64>
  func.return %chain, %pair, %long, %loss : tensor<3xf64>, tensor<2xf64>, tensor<?xf64>, tensor<f64>
}
