package fedbiomed.training;

import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.util.HashSet;
import java.util.List;

/** What a plan's {@code data} hook lacks or contradicts, told as {@code PLAN_INVALID}. */
final class DeclarationProblem {
    private DeclarationProblem() {}

    static FedbiomedException of(String what) {
        return new FedbiomedException(ErrorCode.PLAN_INVALID, "the plan's data(...) " + what);
    }

    static void requireThat(boolean holds, String otherwise) {
        if (!holds) {
            throw of(otherwise);
        }
    }

    static void requireDistinct(String what, List<String> names) {
        var seen = new HashSet<String>();
        for (var name : names) {
            requireThat(!name.isBlank(), "has a blank name of " + what);
            requireThat(seen.add(name), "names the " + what + " '" + Text.shown(name) + "' twice");
        }
    }
}
