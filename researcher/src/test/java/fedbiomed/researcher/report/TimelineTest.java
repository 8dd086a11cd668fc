package fedbiomed.researcher.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

class TimelineTest {
    private static Element drawn(Timeline timeline) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(timeline.svg().getBytes(StandardCharsets.UTF_8)))
                .getDocumentElement();
    }

    @Test
    void aSpanLiesWhereItsTimeIsAndTellsWhatItIs() throws Exception {
        var svg = drawn(new Timeline(
                List.of("a", "<b>"),
                List.of(
                        new Timeline.Stretch("round 1", 1000, List.of(new Timeline.Span("a", "train", 0, 1000))),
                        new Timeline.Stretch(
                                "round 2",
                                3000,
                                List.of(
                                        new Timeline.Span("<b>", "train", 1500, 1500),
                                        new Timeline.Span("c", "train", 0, 3000))))));
        var rects = svg.getElementsByTagName("rect");
        assertThat(rects.getLength())
                .as("two spans and one entry of the legend")
                .isEqualTo(3);
        var second = (Element) rects.item(1);
        assertThat(second.getTextContent()).isEqualTo("<b>, round 2: train 1.50 s");
        // 190 for the names, 910 for four seconds
        assertThat(Double.parseDouble(second.getAttribute("x"))).isEqualTo(758.8);
        assertThat(Double.parseDouble(second.getAttribute("width"))).isEqualTo(341.3);
    }

    @Test
    void nothingThatTookNoTimeIsDrawn() throws Exception {
        var svg = drawn(new Timeline(List.of("a"), List.of(new Timeline.Stretch("round 1", 0, List.of()))));
        assertThat(svg.getElementsByTagName("rect").getLength()).isZero();
    }
}
