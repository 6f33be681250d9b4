/*
 * A solver that calls a network in its time loop, in memory of its own.
 *
 * du/dt = f(u), where f is the network fitted to 2u - u^3: explicit Euler from 41 states in [-2, 2].
 * Each positive state goes to sqrt(2), each negative one to -sqrt(2).
 *
 *     ./solver params.bin        (461 floats, as `make` writes them)
 *
 * run_network_eval allocates nothing and keeps nothing between calls. Its workspace is asked for
 * once, outside the loop. run_network_vjp, its reverse derivative, gives the slope of f at each state.
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

/* The largest distance of df/du from 2 - 3u^2 between -1.5 and 1.5; negative where a call fails. */
static float slope_error(const float *params, void *workspace)
{
  static float paramsb[PARAMETERS];
  float u[STATES], ub[STATES], rate[STATES], rateb[STATES];
  for (int i = 0; i < STATES; ++i) {
    u[i] = -1.5f + 0.075f * (float)i;
    rateb[i] = 1.0f; /* the gradient of the sum of all rates: each depends on its own state alone */
  }
  if (run_network_vjp(STATES, 0, NULL, params, paramsb, NULL, u, ub, rate, rateb, workspace) != 0) {
    return -1.0f;
  }
  float error = 0.0f;
  for (int i = 0; i < STATES; ++i) {
    error = fmaxf(error, fabsf(ub[i] - (2.0f - 3.0f * u[i] * u[i])));
  }
  return error;
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

  const size_t forward = (size_t)run_network_workspace_size(STATES, 0);
  const size_t reverse = (size_t)run_network_vjp_workspace_size(STATES, 0);
  const size_t size = forward > reverse ? forward : reverse;
  unsigned char *memory = malloc(size + ALIGNMENT);
  if (memory == NULL) {
    fprintf(stderr, "no memory for a workspace of %zu bytes\n", size);
    return 1;
  }
  unsigned char *workspace = memory + (ALIGNMENT - (uintptr_t)memory % ALIGNMENT);
  const int solved = solve(params, u, workspace);
  const float slope = slope_error(params, workspace);
  free(memory);
  if (!solved || slope < 0.0f) {
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
  printf("slope of the network: furthest from 2 - 3u^2: %.1e\n", (double)slope);
  return error < 1e-3f && slope < 1e-2f ? 0 : 1;
}
