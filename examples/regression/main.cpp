// Evaluates the regression network that anamc emitted: parameters from HDF5 in, plot.dat out.
//
//     ./regression params.h5 [plot.dat]
//
// Each line of plot.dat: x, the network at x, and f(x) = 2x - x^3, at 41 points of [-2, 2].

#include <hdf5.h>

#include <cstdio>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "run_network.h"

namespace {

/// Closes an HDF5 object at the end of a scope; refuses an identifier that says "failed".
class Handle {
public:
  Handle(hid_t id, herr_t (*close)(hid_t), const std::string &what) : id_(id), close_(close) {
    if (id_ < 0) throw std::runtime_error("cannot open " + what);
  }
  Handle(const Handle &) = delete;
  Handle &operator=(const Handle &) = delete;
  ~Handle() { close_(id_); }
  operator hid_t() const { return id_; }

private:
  hid_t id_;
  herr_t (*close_)(hid_t);
};

/// The dataset `name` of rank 1, converted to float by the library.
std::vector<float> read_floats(const std::string &path, const std::string &name) {
  const Handle file(H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose, "'" + path + "' as HDF5");
  const Handle dataset(H5Dopen2(file, name.c_str(), H5P_DEFAULT), H5Dclose, "dataset '" + name + "'");
  const Handle space(H5Dget_space(dataset), H5Sclose, "the shape of '" + name + "'");
  if (H5Sget_simple_extent_ndims(space) != 1) throw std::runtime_error("'" + name + "' must have rank 1");

  hsize_t length = 0;
  H5Sget_simple_extent_dims(space, &length, nullptr);
  std::vector<float> values(length);
  if (H5Dread(dataset, H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()) < 0)
    throw std::runtime_error("cannot read '" + name + "'");
  return values;
}

void run(const std::string &params_path, const std::string &plot_path) {
  const std::size_t count = 461; // 1-10-20-10-1: 20 + 220 + 210 + 11
  const int nnodes = 41;
  const int nedges = 1; // the network has no edges; one that joins node 0 to itself does no harm

  std::vector<float> params = read_floats(params_path, "params");
  if (params.size() != count)
    throw std::runtime_error("expected " + std::to_string(count) + " parameters, got " + std::to_string(params.size()));

  std::vector<int> edgelist(2 * nedges, 0);
  std::vector<float> edge_feature(nedges, 0.0f), u(nnodes), xout3(nnodes);
  for (int i = 0; i < nnodes; ++i) u[i] = static_cast<float>(-2.0 + 0.1 * i);

  run_network(nnodes, nedges, edgelist.data(), params.data(), edge_feature.data(), u.data(), xout3.data());

  std::ofstream plot(plot_path);
  plot.precision(9); // enough to give each float back
  for (int i = 0; i < nnodes; ++i) {
    const double x = u[i];
    plot << u[i] << ' ' << xout3[i] << ' ' << (2.0 - x * x) * x << '\n';
  }
  plot.close();
  if (!plot) throw std::runtime_error("cannot write '" + plot_path + "'");
}

} // namespace

int main(int argc, char **argv) {
  if (argc < 2 || argc > 3) {
    std::fprintf(stderr, "usage: %s params.h5 [plot.dat]\n", argv[0]);
    return 2;
  }
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr); // what goes wrong is said once, below
  try {
    run(argv[1], argc == 3 ? argv[2] : "plot.dat");
  } catch (const std::exception &error) {
    std::fprintf(stderr, "%s: %s\n", argv[0], error.what());
    return 1;
  }
  return 0;
}
