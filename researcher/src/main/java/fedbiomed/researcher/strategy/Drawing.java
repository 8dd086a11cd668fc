package fedbiomed.researcher.strategy;

import fedbiomed.vocabulary.Participant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;

/** Draws without replacement; the same generator draws the same. */
final class Drawing {
    private Drawing() {}

    /** {@code count} of {@code candidates}, each as likely as any other; all of them where there are no more. */
    static SortedSet<Participant> uniform(List<Candidate> candidates, int count, RandomGenerator random) {
        // the first steps of a Fisher-Yates shuffle draw without replacement
        var pool = new ArrayList<>(candidates);
        var drawn = new TreeSet<Participant>();
        for (int i = 0; i < Math.min(count, pool.size()); i++) {
            int j = count >= pool.size() ? i : i + random.nextInt(pool.size() - i);
            drawn.add(pool.get(j).participant());
            pool.set(j, pool.get(i));
        }
        return drawn;
    }

    /**
     * One after the other, each time with a chance in proportion to the weight among those that are left; who has no
     * weight is never drawn.
     */
    static SortedSet<Participant> weighted(
            List<Candidate> candidates, ToDoubleFunction<Candidate> weight, int count, RandomGenerator random) {
        var pool = new ArrayList<>(candidates.stream()
                .filter(candidate -> weight.applyAsDouble(candidate) > 0)
                .toList());
        var drawn = new TreeSet<Participant>();
        while (drawn.size() < count && !pool.isEmpty()) {
            double left =
                    random.nextDouble() * pool.stream().mapToDouble(weight).sum();
            int i = 0;
            while (i < pool.size() - 1 && (left -= weight.applyAsDouble(pool.get(i))) >= 0) {
                i++;
            }
            drawn.add(pool.remove(i).participant());
        }
        return drawn;
    }
}
