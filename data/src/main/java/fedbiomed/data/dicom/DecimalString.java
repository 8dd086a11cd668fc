package fedbiomed.data.dicom;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Decimal strings (VR DS, PS3.5 section 6.2), of which integer strings (IS) are some. */
final class DecimalString {
    static final String PATTERN = "[+-]?(\\d{1,20}(\\.\\d{0,20})?|\\.\\d{1,20})([eE][+-]?\\d{1,3})?";

    private static final Pattern ONE = Pattern.compile(PATTERN);

    private DecimalString() {}

    /** The numbers of a value of {@code count}, which backslashes separate; {@code null} if it is no such, or not finite. */
    static double @Nullable [] parse(String text, int count) {
        var parts = text.split("\\\\", -1);
        if (parts.length != count) {
            return null;
        }
        var numbers = new double[count];
        for (int i = 0; i < count; i++) {
            var part = parts[i].strip();
            if (!ONE.matcher(part).matches()) {
                return null;
            }
            numbers[i] = Double.parseDouble(part);
            if (!Double.isFinite(numbers[i])) {
                return null;
            }
        }
        return numbers;
    }
}
