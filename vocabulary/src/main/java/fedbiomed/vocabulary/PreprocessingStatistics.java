package fedbiomed.vocabulary;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The statistics that pre-processing needs, of one node or of all together: {@link #plus} combines them. The combined
 * ones are part of the run: they go with every request and are saved with the model.
 *
 * @param columns moments by input column
 * @param categories counts of each declared category by column
 * @param participants how many datasets are summed here
 */
public record PreprocessingStatistics(
        SortedMap<String, ColumnMoments> columns,
        SortedMap<String, SortedMap<String, Long>> categories,
        int participants) {
    public static final PreprocessingStatistics NONE = new PreprocessingStatistics(new TreeMap<>(), new TreeMap<>(), 0);

    public PreprocessingStatistics plus(PreprocessingStatistics other) {
        var sums = new TreeMap<>(columns);
        other.columns.forEach((name, moments) -> sums.merge(name, moments, ColumnMoments::plus));
        var counts = new TreeMap<String, SortedMap<String, Long>>();
        for (Map<String, SortedMap<String, Long>> side : java.util.List.of(categories, other.categories)) {
            side.forEach((name, byCategory) -> {
                var sum = counts.computeIfAbsent(name, _ -> new TreeMap<>());
                byCategory.forEach((category, n) -> sum.merge(category, n, Long::sum));
            });
        }
        return new PreprocessingStatistics(sums, counts, participants + other.participants);
    }
}
