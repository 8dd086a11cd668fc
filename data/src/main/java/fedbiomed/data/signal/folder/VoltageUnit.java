package fedbiomed.data.signal.folder;

import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Units of voltage as files write them: one hospital's machine has microvolts, another's millivolts. */
final class VoltageUnit {
    private static final Map<String, Double> VOLTS =
            Map.of("nV", 1e-9, "uV", 1e-6, "µV", 1e-6, "μV", 1e-6, "mV", 1e-3, "V", 1.0);

    private VoltageUnit() {}

    /** @throws FedbiomedException DATA_UNFIT if it is none that is known */
    static String parse(String setting) {
        if (!VOLTS.containsKey(setting)) {
            throw new FedbiomedException(
                    ErrorCode.DATA_UNFIT,
                    "the setting 'unit' is V, mV, uV or nV, to which voltages are converted, not '"
                            + Text.shown(setting) + "'");
        }
        return setting;
    }

    /** What values are multiplied with; {@code null} if the unit is none of voltage. */
    static @Nullable Double factor(String from, String to) {
        var volts = VOLTS.get(from);
        // of two of the same no rounding may be left
        return volts == null ? null : from.equals(to) ? 1 : volts / VOLTS.getOrDefault(to, Double.NaN);
    }
}
