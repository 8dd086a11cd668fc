package fedbiomed.data.tabular;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DecimalTextTest {
    private final DecimalText decimal = new DecimalText();

    private void same(String text) {
        var bytes = text.getBytes(StandardCharsets.US_ASCII);
        double expected = Double.parseDouble(text);
        assertThat(decimal.read(bytes, 0, bytes.length)).as(text).isEqualTo(Double.isFinite(expected));
        assertThat(Double.doubleToRawLongBits(decimal.value()))
                .as(text)
                .isEqualTo(Double.doubleToRawLongBits(expected));
    }

    @Test
    void aMillionTextsAreReadToTheLastBit() {
        var random = new SplittableRandom(20261125);
        for (int i = 0; i < 250_000; i++) {
            double value = Double.longBitsToDouble(random.nextLong());
            if (Double.isFinite(value)) {
                same(Double.toString(value));
            }
            same(Double.toString(random.nextDouble() * 200 - 100));
            same(random.nextLong() + "e" + random.nextInt(-360, 330));
            same(random.nextInt(1000) + "." + Math.abs(random.nextLong()));
        }
    }

    @Test
    void theHardOnes() {
        for (var text : new String[] {
            "0",
            "-0",
            "-0.0",
            "0e999",
            "1e-999",
            "1e999",
            "9007199254740993",
            "9007199254740992.5",
            "4.9e-324",
            "2.2250738585072014e-308",
            "2.2250738585072011e-308",
            "1.7976931348623157e308",
            "1.7976931348623159e308",
            "8.988465674311579e307",
            "1e23",
            "9.5367431640625e-7",
            "0.000000000000000000000000000001",
            "18446744073709551615",
            "99999999999999999999",
            "6.631236846766476e-316",
            "1.00000000000000011102230246251565",
            "7.2057594037927933e16",
            "5e-324",
            "00000000000000000000001",
            "1.",
            ".5",
            "+3",
            "1E+2",
            "1e-0"
        }) {
            same(text);
        }
    }

    @Test
    void whatValueSyntaxTakesForNoNumberIsNone() {
        for (var text : new String[] {
            "", ".", "+", "e5", "1e", "1e+", "1 000", "0x10", "1f", "1d", "1.2.3", "NaN", "inf", "1,5", "--1", "1e5.0"
        }) {
            var bytes = text.getBytes(StandardCharsets.US_ASCII);
            assertThat(decimal.read(bytes, 0, bytes.length)).as(text).isFalse();
        }
    }
}
