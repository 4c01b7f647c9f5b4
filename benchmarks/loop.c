/* The report's network (2 inputs and a constant 1, two hidden layers of 5, one output), sample by sample, in plain C. */
#include <math.h>

static double sigmoid(double z) { return 1 / (1 + exp(-z)); }

void train(double *W0, double *W1, double *W2, const double *X, const double *T, long n, double rate, long epochs) {
    for (long step = 0; step < n * epochs; step++) {
        const double *x = X + 2 * (step % n), t = T[step % n];
        double a0[3] = {x[0], x[1], 1}, a1[5], a2[5], d1[5], d2[5], z;
        for (int j = 0; j < 5; j++) { z = 0; for (int i = 0; i < 3; i++) z += a0[i] * W0[5 * i + j]; a1[j] = sigmoid(z); }
        for (int j = 0; j < 5; j++) { z = 0; for (int i = 0; i < 5; i++) z += a1[i] * W1[5 * i + j]; a2[j] = sigmoid(z); }
        z = 0; for (int i = 0; i < 5; i++) z += a2[i] * W2[i];
        double y = sigmoid(z), d3 = (y - t) * y * (1 - y);
        for (int i = 0; i < 5; i++) d2[i] = W2[i] * d3 * a2[i] * (1 - a2[i]);
        for (int i = 0; i < 5; i++) { z = 0; for (int j = 0; j < 5; j++) z += W1[5 * i + j] * d2[j]; d1[i] = z * a1[i] * (1 - a1[i]); }
        for (int i = 0; i < 5; i++) W2[i] -= rate * a2[i] * d3;
        for (int i = 0; i < 5; i++) for (int j = 0; j < 5; j++) W1[5 * i + j] -= rate * a1[i] * d2[j];
        for (int i = 0; i < 3; i++) for (int j = 0; j < 5; j++) W0[5 * i + j] -= rate * a0[i] * d1[j];
    }
}
