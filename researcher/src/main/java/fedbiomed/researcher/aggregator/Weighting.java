package fedbiomed.researcher.aggregator;

import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What a participant's update counts by. */
public enum Weighting {
    /** By training rows, as McMahan et al. (2017) do. */
    SAMPLES {
        @Override
        double of(Update update) {
            return update.samples();
        }
    },
    /** By optimizer steps. */
    UPDATES {
        @Override
        double of(Update update) {
            return update.updates();
        }
    },
    /** All alike: no claim of a participant counts. */
    UNIFORM {
        @Override
        double of(Update update) {
            return 1;
        }
    };

    static final String ARGUMENT = "weighting";

    abstract double of(Update update);

    /** @throws FedbiomedException {@code DATA_UNFIT} if none counts */
    double[] of(List<Update> updates) {
        var weights = updates.stream().mapToDouble(this::of).toArray();
        if (Arrays.stream(weights).sum() == 0) {
            throw new FedbiomedException(
                    ErrorCode.DATA_UNFIT,
                    "no participant trained on any row, so there is nothing to average; see the datasets' sizes");
        }
        return weights;
    }

    /** The same, as shares of their sum. */
    double[] shares(List<Update> updates) {
        return shares(of(updates));
    }

    static double[] shares(double[] weights) {
        double sum = Arrays.stream(weights).sum();
        return Arrays.stream(weights).map(weight -> weight / sum).toArray();
    }

    /** As files write it. */
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException naming those that there are */
    static Weighting in(Args arguments, Weighting fallback) {
        var text = arguments.text(ARGUMENT, fallback.text());
        for (var weighting : values()) {
            if (weighting.text().equals(text)) {
                return weighting;
            }
        }
        throw new IllegalArgumentException(
                "aggregator.weighting must be samples, updates or uniform, not '" + text + "'");
    }
}
