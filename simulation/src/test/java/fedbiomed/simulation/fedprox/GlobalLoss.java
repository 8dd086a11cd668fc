package fedbiomed.simulation.fedprox;

import static fedbiomed.simulation.fedprox.Synthetic.CLASSES;
import static fedbiomed.simulation.fedprox.Synthetic.WIDTH;

import fedbiomed.data.Split;
import fedbiomed.parameters.Safetensors;
import fedbiomed.simulation.fedprox.Synthetic.Device;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * The paper's global objective of a model: the mean cross-entropy over all devices' training rows. Computed here, not by
 * the engine that trains.
 */
final class GlobalLoss {
    private final List<Device> devices;
    private final List<Split> splits = new ArrayList<>();

    GlobalLoss(List<Device> devices, IntFunction<Split> splits) {
        this.devices = List.copyOf(devices);
        for (int k = 0; k < devices.size(); k++) {
            this.splits.add(splits.apply(k));
        }
    }

    int trainingRows() {
        return splits.stream().mapToInt(split -> split.train().length).sum();
    }

    double of(Path model) {
        try (var mapped = Safetensors.open(model)) {
            var coef = mapped.parameters().get("coef").toDoubles();
            var intercept = mapped.parameters().get("intercept").toDoubles();
            double sum = 0;
            for (int k = 0; k < devices.size(); k++) {
                for (int row : splits.get(k).train()) {
                    sum += crossEntropy(coef, intercept, devices.get(k), row);
                }
            }
            return sum / trainingRows();
        }
    }

    private static double crossEntropy(double[] coef, double[] intercept, Device device, int row) {
        var outputs = new double[CLASSES];
        double highest = Double.NEGATIVE_INFINITY;
        for (int c = 0; c < CLASSES; c++) {
            double z = intercept[c];
            for (int f = 0; f < WIDTH; f++) {
                z += coef[c * WIDTH + f] * device.inputs()[row * WIDTH + f];
            }
            outputs[c] = z;
            highest = Math.max(highest, z);
        }
        double sum = 0;
        for (double output : outputs) {
            sum += Math.exp(output - highest);
        }
        return highest + Math.log(sum) - outputs[device.targets()[row]];
    }
}
