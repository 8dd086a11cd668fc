package fedbiomed.researcher.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;

class CurvesTest {
    private static SequencedMap<String, List<Double>> lines(String name, Double... values) {
        var lines = new LinkedHashMap<String, List<Double>>();
        lines.put(name, List.of(values));
        return lines;
    }

    /** A panel's curves lie between x = 52 and 288, y = 26 and 172. */
    @Test
    void aCurveGoesFromTheFirstRoundToTheLastAndFromTheTopToZero() {
        var svg =
                new Curves("loss", 1).panel("<one>", lines("a", 4.0, 1.0, 0.0)).svg();
        assertThat(svg)
                .contains("M52.0 26.0L170.0 135.5L288.0 172.0")
                .contains(">4<", ">3<", ">2<", ">1<", ">0<", ">loss<", "&lt;one&gt;")
                .doesNotContain("<one>");
    }

    @Test
    void whatIsMissingIsAGapAndWhatIsTooHighIsCutOff() {
        var svg = new Curves("loss", 1)
                .panel("", lines("a", 9.0, Double.NaN, 2.0, Double.POSITIVE_INFINITY), 2)
                .svg();
        assertThat(svg).contains("M52.0 26.0M209.3 26.0L288.0 26.0");
    }

    @Test
    void panelsStandBesideAndBelowEachOtherUnderOneLegend() {
        var svg = new Curves("loss", 2)
                .panel("1", lines("a", 1.0, 2.0))
                .panel("2", lines("b", 1.0, 2.0))
                .panel("3", lines("a", -1.0, 2.0))
                .svg();
        assertThat(svg)
                .contains("translate(0 34)", "translate(300 34)", "translate(0 244)", "viewBox=\"0 0 600 454\"")
                .containsOnlyOnce(">a<")
                .contains(">-1<");
    }

    @Test
    void nothingIsDrawnOfNothing() {
        assertThat(new Curves("loss", 1).panel("", new LinkedHashMap<>()).svg()).contains("<svg", "</svg>");
        assertThat(new Curves("loss", 1).panel("", lines("a", 0.0)).svg()).contains("M52.0");
    }
}
