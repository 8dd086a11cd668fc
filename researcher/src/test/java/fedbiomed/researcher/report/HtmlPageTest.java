package fedbiomed.researcher.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class HtmlPageTest {
    @Test
    void whatAPageIsGivenCannotBecomeMarkup() {
        var page = new HtmlPage("<script>")
                .table(List.of("a&b"), List.of(List.of("\"x\" <img>")))
                .html();
        assertThat(page).doesNotContain("<script>", "<img>").contains("&lt;img&gt;", "a&amp;b");
    }
}
