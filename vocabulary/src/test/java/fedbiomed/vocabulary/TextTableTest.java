package fedbiomed.vocabulary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TextTableTest {
    @Test
    void textStandsLeftAndNumbersRight() {
        var table = new TextTable("NAME", "ROWS").row("hospital-a", 7).row("b", 1234);
        assertThat(table.lines()).containsExactly("NAME        ROWS", "hospital-a     7", "b           1234");
    }

    @Test
    void whatComesFromOutsideCannotMoveTheCursor() {
        assertThat(new TextTable("NAME").row("a\u001b[2J\nb").lines()).containsExactly("NAME", "a?[2J?b");
    }

    @Test
    void aRowThatDoesNotFitIsRefused() {
        assertThatThrownBy(() -> new TextTable("NAME", "ROWS").row("a")).hasMessageContaining("1 cells");
    }
}
