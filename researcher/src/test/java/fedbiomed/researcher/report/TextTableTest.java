package fedbiomed.researcher.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TextTableTest {
    @Test
    void textStandsLeftAndNumbersRight() {
        var table = new TextTable("NAME", "ROWS").row("hospital-a", "7").row("b", "1234");
        assertThat(table.lines()).containsExactly("NAME        ROWS", "hospital-a     7", "b           1234");
    }

    @Test
    void whatAPageIsGivenCannotBecomeMarkup() {
        var page = new HtmlPage("<script>")
                .table(List.of("a&b"), List.of(List.of("\"x\" <img>")))
                .html();
        assertThat(page).doesNotContain("<script>", "<img>").contains("&lt;img&gt;", "a&amp;b");
    }
}
