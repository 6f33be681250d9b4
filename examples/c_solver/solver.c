/*
 * A solver that calls a network in its time loop, in memory of its own.
 *
 * du/dt = f(u), where f is the network fitted to 2u - u^3: explicit Euler from 41 states in [-2, 2].
 * Each positive state goes to sqrt(2), each negative one to -sqrt(2).
 *
 *     ./solver params.bin        (461 floats, as `make` writes them)
 *
 * run_network_eval allocates nothing and keeps nothing between calls. Its workspace is asked for
 * once, outside the loop.
 */

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "run_network.h"

enum { STATES = 41, PARAMETERS = 461, STEPS = 500, ALIGNMENT = 64 };

static int read_params(const char *path, float *params)
{
  FILE *file = fopen(path, "rb");
  if (file == NULL) {
    return 0;
  }
  const size_t count = fread(params, sizeof *params, PARAMETERS, file);
  const int at_end = fgetc(file) == EOF;
  fclose(file);
  return count == PARAMETERS && at_end;
}

static int solve(const float *params, float *u, void *workspace)
{
  const float dt = 0.02f;
  float rate[STATES];
  for (int step = 0; step < STEPS; ++step) {
    /* No edges: the edge list and the edge feature may be NULL. */
    if (run_network_eval(STATES, 0, NULL, params, NULL, u, rate, workspace) != 0) {
      return 0;
    }
    for (int i = 0; i < STATES; ++i) {
      u[i] += dt * rate[i];
    }
  }
  return 1;
}

int main(int argc, char **argv)
{
  static float params[PARAMETERS];
  float u[STATES];
  if (argc != 2 || !read_params(argv[1], params)) {
    fprintf(stderr, "usage: %s FILE, with %d floats in it\n", argv[0], PARAMETERS);
    return 2;
  }
  for (int i = 0; i < STATES; ++i) {
    u[i] = -2.0f + 0.1f * (float)i;
  }

  const size_t size = (size_t)run_network_workspace_size(STATES, 0);
  unsigned char *memory = malloc(size + ALIGNMENT);
  if (memory == NULL) {
    fprintf(stderr, "no memory for a workspace of %zu bytes\n", size);
    return 1;
  }
  const int solved = solve(params, u, memory + (ALIGNMENT - (uintptr_t)memory % ALIGNMENT));
  free(memory);
  if (!solved) {
    fprintf(stderr, "the network refused the call\n");
    return 1;
  }

  float error = 0.0f;
  for (int i = 0; i < STATES; ++i) {
    if (i != STATES / 2) { /* u = 0 is a fixed point, an unstable one */
      error = fmaxf(error, fabsf(fabsf(u[i]) - sqrtf(2.0f)));
    }
  }
  printf("%d states after %d steps; furthest from +-sqrt(2): %.1e\n", STATES, STEPS, (double)error);
  return error < 1e-3f ? 0 : 1;
}
