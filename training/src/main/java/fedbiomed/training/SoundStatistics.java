package fedbiomed.training;

import fedbiomed.vocabulary.ColumnMoments;
import fedbiomed.vocabulary.PreprocessingStatistics;
import java.util.Map;

/** Statistics that came from outside, looked at before inputs are prepared with them. */
final class SoundStatistics {
    private static final int MAX_NAME_CHARS = 1_000;

    private SoundStatistics() {}

    /** Whether they can be of any table, and are not more than a plan can ask for. */
    @SuppressWarnings("ConstantValue") // JSON leaves out what it likes
    static boolean are(PreprocessingStatistics statistics) {
        return statistics.columns() != null
                && statistics.categories() != null
                && statistics.participants() >= 0
                && statistics.columns().size() <= DataDeclaration.MAX_INPUTS
                // how frequent a category is stays at the node
                && statistics.categories().isEmpty()
                && statistics.columns().entrySet().stream().allMatch(SoundStatistics::isSound);
    }

    @SuppressWarnings("ConstantValue")
    private static boolean isSound(Map.Entry<String, ColumnMoments> column) {
        var moments = column.getValue();
        return column.getKey().length() <= MAX_NAME_CHARS
                && moments != null
                && moments.count() >= 0
                && moments.missing() >= 0
                && Double.isFinite(moments.sum())
                && Double.isFinite(moments.sumOfSquares())
                && moments.sumOfSquares() >= 0;
    }
}
