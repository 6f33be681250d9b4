// A time series is read and two are written entry by entry.
func.func @f(%x: tensor<3xf64>, %force: tensor<?x3xf64>) -> (tensor<?x3xf64>, tensor<?xf64>) {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %n = tensor.dim %force, %zero : tensor<?x3xf64>
  %empty = tensor.empty(%n) : tensor<?x3xf64>
  %z = arith.constant 0.0 : f64
  %zeros = tensor.splat %z[%n] : tensor<?xf64>
  %y:3 = scf.for %i = %zero to %n step %one iter_args(%s = %x, %h = %empty, %en = %zeros) -> (tensor<3xf64>, tensor<?x3xf64>, tensor<?xf64>) {
    %e = tensor.empty() : tensor<3xf64>
    %t = nest.map (j = 3) read(%s[j] : tensor<3xf64>, %force[%i, j] : tensor<?x3xf64>) set(%e[j] : tensor<3xf64>) {
    ^bb0(%j: index, %a: f64, %b: f64):
      %c = math.sin %a : f64
      %d = arith.addf %c, %b : f64
      nest.yield %d : f64
    }
    %put = nest.map (j = 3) read(%t[j] : tensor<3xf64>) set(%h[%i, j] : tensor<?x3xf64>) {
    ^bb0(%j: index, %a: f64):
      nest.yield %a : f64
    }
    %added = nest.map (j = 3) read(%t[j] : tensor<3xf64>) add(%en[%i] : tensor<?xf64>) {
    ^bb0(%j: index, %a: f64):
      %q = arith.mulf %a, %a : f64
      nest.yield %q : f64
    }
    scf.yield %t, %put, %added : tensor<3xf64>, tensor<?x3xf64>, tensor<?xf64>
  }
  func.return %y#1, %y#2 : tensor<?x3xf64>, tensor<?xf64>
}
