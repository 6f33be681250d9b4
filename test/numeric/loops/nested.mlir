// Loops in loops around a layer.
func.func @f(%n: index, %m: index, %x: tensor<?x3xf64>, %w: tensor<3x3xf64>, %b: tensor<3xf64>) -> (tensor<?x3xf64>, tensor<?x3xf64>) {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %y:2 = scf.for %i = %zero to %n step %one iter_args(%a = %x, %p = %x) -> (tensor<?x3xf64>, tensor<?x3xf64>) {
    %c = scf.for %j = %zero to %m step %one iter_args(%s = %a) -> (tensor<?x3xf64>) {
      %h = mlp.dense %s, %w, %b : (tensor<?x3xf64>, tensor<3x3xf64>, tensor<3xf64>) -> tensor<?x3xf64>
      %t = math.tanh %h : tensor<?x3xf64>
      %u = scf.for %l = %zero to %m step %one iter_args(%q = %t) -> (tensor<?x3xf64>) {
        %v = math.sin %q : tensor<?x3xf64>
        %z = arith.addf %v, %a : tensor<?x3xf64>
        scf.yield %z : tensor<?x3xf64>
      }
      scf.yield %u : tensor<?x3xf64>
    } {ad.checkpoint = #ad.policy<sqrt>}
    %d = arith.mulf %c, %p : tensor<?x3xf64>
    scf.yield %d, %c : tensor<?x3xf64>, tensor<?x3xf64>
  }
  func.return %y#0, %y#1 : tensor<?x3xf64>, tensor<?x3xf64>
}
