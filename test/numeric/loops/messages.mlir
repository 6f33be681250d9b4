// Message passing round by round.
func.func @f(%n: index, %x: tensor<?x3xf64>, %e: tensor<?x2xi32>, %w: tensor<3x3xf64>, %b: tensor<3xf64>) -> tensor<?x3xf64> {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %k = tensor.dim %x, %zero : tensor<?x3xf64>
  %y = scf.for %i = %zero to %n step %one iter_args(%s = %x) -> (tensor<?x3xf64>) {
    %l = scatter.gather %s at %e end 0 : (tensor<?x3xf64>, tensor<?x2xi32>) -> tensor<?x3xf64>
    %r = scatter.gather %s at %e end 1 : (tensor<?x3xf64>, tensor<?x2xi32>) -> tensor<?x3xf64>
    %d = arith.subf %l, %r : tensor<?x3xf64>
    %h = mlp.dense %d, %w, %b : (tensor<?x3xf64>, tensor<3x3xf64>, tensor<3xf64>) -> tensor<?x3xf64>
    %t = math.tanh %h : tensor<?x3xf64>
    %a = scatter.sum %t over %e onto %k signs [1, -1] : (tensor<?x3xf64>, tensor<?x2xi32>, index) -> tensor<?x3xf64>
    %z = arith.addf %s, %a : tensor<?x3xf64>
    scf.yield %z : tensor<?x3xf64>
  }
  func.return %y : tensor<?x3xf64>
}
