// RUN: anamc-opt %s -p convert-parallel-to-acc -t openacc-c | filecheck %s

// The three files of a module. The header serves C and C++.
// CHECK:       /* ==== include/my_net.h ==== */
// CHECK:       SPDX-License-Identifier: 0BSD
// CHECK:       #ifndef MY_NET_H
// CHECK:       #define MY_NET_ABI_VERSION 1
// CHECK:       extern "C" {
// CHECK:       int my_net_abi_version(void);
// CHECK:        *   EdgeFeature1  nedges x 3  not used
// CHECK-NEXT:   *   u_1           nnodes x 1  in
// CHECK-NEXT:   *   double_2      nnodes x 1  out
// CHECK:       void my_net(const int nnodes, const int nedges, float *EdgeFeature1, float *u_1, float *double_2);
// CHECK:        *   workspace: my_net_workspace_size(nnodes, nedges) bytes, aligned to 64
// CHECK:       int my_net_eval(int nnodes, int nedges, const float *EdgeFeature1, const float *u_1,
// CHECK-NEXT:      float *double_2, void *workspace);
// CHECK:       int64_t my_net_workspace_size(int nnodes, int nedges);

// The kernels, callees first; those that nobody calls are left out.
// CHECK:       /* ==== src/my_net_kernels.c ==== */
// CHECK-NOT:   malloc
// CHECK-NOT:   unused_kernel
// CHECK:       int64_t my_net_workspace_size(int nnodes, int nedges)
// CHECK-NEXT:  {
// CHECK-NEXT:    (void)nedges;
// CHECK-NEXT:    return (int64_t)nnodes * 4 + 64;
// CHECK:       static void copy(anamc_index nnodes, const float *restrict u, float *restrict v)
// CHECK:       int my_net_eval(
// CHECK:         (void)EdgeFeature1;
// CHECK-NEXT:    unsigned char *bytes = (unsigned char *)workspace;
// CHECK-NEXT:    if (nnodes < 0 || nedges < 0) {
// CHECK-NEXT:      return 1;
// CHECK-NEXT:    }
// CHECK-NEXT:    float *h = (float *)(bytes + 64);
// CHECK-NEXT:    ANAMC_ACC(data
// CHECK-NEXT:        copyin(u_1[0:nnodes])
// CHECK-NEXT:        copyout(double_2[0:nnodes])
// CHECK-NEXT:        create(bytes[0:my_net_workspace_size(nnodes, nedges)]))
// CHECK-NEXT:    {
// CHECK-NEXT:      copy(nnodes, u_1, h);
// CHECK-NEXT:      copy(nnodes, h, double_2);
// CHECK-NEXT:    }
// CHECK-NEXT:    return 0;
// CHECK:       int my_net_abi_version(void)

// The plain function allocates, calls, frees; where that fails, the result is NaN.
// CHECK:       /* ==== src/my_net.c ==== */
// CHECK:       void my_net(const int nnodes, const int nedges, float *EdgeFeature1, float *u_1, float *double_2)
// CHECK:         const int64_t workspace_size = my_net_workspace_size(nnodes, nedges);
// CHECK:         memory = (unsigned char *)malloc((size_t)workspace_size + 64);
// CHECK:         status = my_net_eval(nnodes, nedges, EdgeFeature1, u_1, double_2, address);
// CHECK-NEXT:      free(memory);
// CHECK:         if (status != 0) {
// CHECK-NEXT:      anamc_fill_nanf(double_2, (int64_t)nnodes);

func.func @my_net_eval(%nnodes: i32 {anamc.name = "nnodes"}, %nedges: i32 {anamc.name = "nedges"}, %e: memref<?xf32> {anamc.name = "EdgeFeature1", anamc.dims = ["nedges", 3 : index], anamc.access = "read", anamc.unused}, %u: memref<?xf32> {anamc.name = "u 1", anamc.dims = ["nnodes", 1 : index], anamc.access = "read"}, %y: memref<?xf32> {anamc.name = "double", anamc.dims = ["nnodes", 1 : index], anamc.access = "write"}, %workspace: memref<?xi8> {anamc.name = "workspace", anamc.access = "workspace"}) -> i32 attributes {anamc.entry = "my net"} {
  %zero = arith.constant 0 : i32
  %one = arith.constant 1 : i32
  %neg0 = arith.cmpi slt, %nnodes, %zero : i32
  %neg1 = arith.cmpi slt, %nedges, %zero : i32
  %bad = arith.ori %neg0, %neg1 : i1
  %status = scf.if %bad -> (i32) {
    scf.yield %one : i32
  } else {
    %n = arith.index_cast %nnodes : i32 to index
    %c64 = arith.constant 64 : index
    %h = memref.view %workspace[%c64][%n] : memref<?xi8> to memref<?xf32>
    func.call @copy(%n, %u, %h) : (index, memref<?xf32>, memref<?xf32>) -> ()
    func.call @copy(%n, %h, %y) : (index, memref<?xf32>, memref<?xf32>) -> ()
    scf.yield %zero : i32
  }
  func.return %status : i32
}
func.func @my_net_workspace_size(%nnodes: i32 {anamc.name = "nnodes"}, %nedges: i32 {anamc.name = "nedges"}) -> i64 attributes {anamc.workspace_of = "my net"} {
  %n = arith.extsi %nnodes : i32 to i64
  %c4 = arith.constant 4 : i64
  %c64 = arith.constant 64 : i64
  %h = arith.muli %n, %c4 : i64
  %bytes = arith.addi %h, %c64 : i64
  func.return %bytes : i64
}
func.func private @unused_kernel() attributes {anamc.kernel} {
  func.return
}
func.func private @copy(%n: index {anamc.name = "nnodes"}, %u: memref<?xf32> {anamc.name = "u", anamc.dims = ["nnodes", 1 : index], anamc.access = "read"}, %v: memref<?xf32> {anamc.name = "v", anamc.dims = ["nnodes", 1 : index], anamc.access = "write"}) attributes {anamc.kernel} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  "scf.parallel"(%c0, %n, %c1) <{operandSegmentSizes = array<i32: 1, 1, 1, 0>}> ({
  ^bb0(%r: index):
    %x = memref.load %u[%r] : memref<?xf32>
    memref.store %x, %v[%r] : memref<?xf32>
    scf.reduce
  }) : (index, index, index) -> ()
  func.return
}
