package fedbiomed.simulation.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PartitionTest {
    @Test
    void readsWhatTheCommandLineSays() {
        assertThat(Partition.parse("iid", "y")).isEqualTo(Partition.iid());
        assertThat(Partition.parse("dirichlet:0.3", "y")).isEqualTo(Partition.dirichlet(0.3, "y"));
        assertThat(Partition.parse("shards:2", "y")).isEqualTo(Partition.shards(2, "y"));
        assertThat(Partition.parse("by:hospital name", "y")).isEqualTo(Partition.by("hospital name"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            random          | there is no split 'random'
            dirichlet       | is not complete
            dirichlet:      | is not complete
            dirichlet:x     | has no number after the colon
            dirichlet:0     | a number over 0
            dirichlet:-1    | a number over 0
            dirichlet:NaN   | a number over 0
            shards:0        | at least 1
            shards:1.5      | has no number after the colon
            by:             | is not complete
            iid:3           | takes nothing
            """)
    void saysWhatIsWrong(String text, String why) {
        assertThatThrownBy(() -> Partition.parse(text, "y"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }
}
