package fedbiomed.vocabulary;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DatasetTextTest {
    private static final String ESCAPE = "\u001b[2Jx\u202ey\r";

    @Test
    void whatComesFromOutsideIsMadeFitToBeShown() {
        var text = String.join(
                "\n",
                DatasetText.lines(new DatasetDescription(
                        ESCAPE,
                        ESCAPE,
                        ESCAPE,
                        new TreeSet<>(List.of(ESCAPE, "t".repeat(10_000))),
                        ESCAPE + "\nsecond line",
                        List.of(100L, 2L),
                        List.of(
                                new ColumnDescription(ESCAPE, ColumnType.INTEGER, 3),
                                new ColumnDescription("c".repeat(10_000), ColumnType.TEXT, 0)),
                        ESCAPE,
                        new LoadingPlanDescription(ESCAPE, List.of(ESCAPE, "m".repeat(10_000)), List.of(ESCAPE)))));
        assertThat(text)
                .doesNotContain("\u001b", "\u202e", "\r")
                .contains("?[2Jx?y?", "second line", "rows         100");
        assertThat(text).hasSizeLessThan(10_000);
    }

    @Test
    void aLoadingPlanIsToldByItsAgreedNames() {
        assertThat(DatasetText.lines(described(new LoadingPlanDescription("hearts", List.of("age"), List.of("sex")))))
                .contains("loading plan hearts; maps age; recodes sex");
        assertThat(DatasetText.lines(described(new LoadingPlanDescription("hearts", List.of(), List.of()))))
                .contains("loading plan hearts");
        assertThat(DatasetText.lines(described(null))).noneMatch(line -> line.contains("loading plan"));
    }

    private static DatasetDescription described(@Nullable LoadingPlanDescription plan) {
        return new DatasetDescription(
                "heart-1",
                "Heart",
                "csv",
                new TreeSet<>(),
                "",
                List.of(10L, 1L),
                List.of(new ColumnDescription("age", ColumnType.INTEGER, 0)),
                "f",
                plan);
    }
}
