package fedbiomed.simulation.fedprox;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * The synthetic data of Li et al., "Federated Optimization in Heterogeneous Networks", MLSys 2020 (section 5.1, C.1): ten
 * classes, {@code y = argmax(W x + b)}, sixty inputs.
 *
 * @param alpha by how much the devices' models differ: the standard deviation of {@code u_k}
 * @param beta by how much the devices' inputs differ: the standard deviation of {@code B_k}
 * @param alike one model and one distribution of inputs for all devices
 */
record Synthetic(String name, double alpha, double beta, boolean alike) {
    static final int DEVICES = 30;
    static final int WIDTH = 60;
    static final int CLASSES = 10;

    static final Synthetic IID = new Synthetic("iid", 0, 0, true);
    static final Synthetic ZERO_ZERO = new Synthetic("(0, 0)", 0, 0, false);
    static final Synthetic HALF_HALF = new Synthetic("(0.5, 0.5)", 0.5, 0.5, false);
    static final Synthetic ONE_ONE = new Synthetic("(1, 1)", 1, 1, false);
    static final List<Synthetic> ALL = List.of(IID, ZERO_ZERO, HALF_HALF, ONE_ONE);

    /** Rows row-major {@code [rows, WIDTH]}. */
    @SuppressWarnings("ArrayRecordComponent") // a test's own, compared by nobody
    record Device(double[] inputs, int[] targets) {
        int rows() {
            return targets.length;
        }

        /** A plan reads each number back as it is. */
        void write(Path csv) throws IOException {
            try (BufferedWriter out = Files.newBufferedWriter(csv)) {
                for (int f = 0; f < WIDTH; f++) {
                    out.write("x" + f + ",");
                }
                out.write("y\n");
                for (int row = 0; row < rows(); row++) {
                    for (int f = 0; f < WIDTH; f++) {
                        out.write(inputs[row * WIDTH + f] + ",");
                    }
                    out.write(targets[row] + "\n");
                }
            }
        }
    }

    /** The same ones for the same seed; how many rows each has depends on the seed alone. */
    List<Device> devices(long seed) {
        var random = new Random(seed);
        var rows = new int[DEVICES];
        for (int k = 0; k < DEVICES; k++) {
            rows[k] = (int) Math.exp(4 + 2 * random.nextGaussian()) + 50;
        }
        var shared = new Truth(random, 0);
        var devices = new ArrayList<Device>();
        for (int k = 0; k < DEVICES; k++) {
            double u = alpha * random.nextGaussian();
            double centre = beta * random.nextGaussian();
            var mean = new double[WIDTH];
            for (int f = 0; f < WIDTH && !alike; f++) {
                mean[f] = centre + random.nextGaussian();
            }
            devices.add(device(rows[k], alike ? shared : new Truth(random, u), mean, random));
        }
        return devices;
    }

    private static Device device(int rows, Truth truth, double[] mean, Random random) {
        var inputs = new double[rows * WIDTH];
        var targets = new int[rows];
        for (int row = 0; row < rows; row++) {
            for (int f = 0; f < WIDTH; f++) {
                inputs[row * WIDTH + f] = mean[f] + Math.sqrt(Math.pow(f + 1, -1.2)) * random.nextGaussian();
            }
            targets[row] = truth.of(inputs, row);
        }
        return new Device(inputs, targets);
    }

    private static final class Truth {
        private final double[] weights = new double[CLASSES * WIDTH];
        private final double[] intercepts = new double[CLASSES];

        Truth(Random random, double u) {
            for (int i = 0; i < weights.length; i++) {
                weights[i] = u + random.nextGaussian();
            }
            for (int c = 0; c < CLASSES; c++) {
                intercepts[c] = u + random.nextGaussian();
            }
        }

        int of(double[] inputs, int row) {
            int best = 0;
            double highest = Double.NEGATIVE_INFINITY;
            for (int c = 0; c < CLASSES; c++) {
                double z = intercepts[c];
                for (int f = 0; f < WIDTH; f++) {
                    z += weights[c * WIDTH + f] * inputs[row * WIDTH + f];
                }
                if (z > highest) {
                    highest = z;
                    best = c;
                }
            }
            return best;
        }
    }
}
