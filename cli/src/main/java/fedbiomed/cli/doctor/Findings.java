package fedbiomed.cli.doctor;

import java.util.ArrayList;
import java.util.List;

/** What was found, in the order in which it was looked at. */
final class Findings {
    /** How a subject stands; {@link #sign} is what a person sees. */
    enum Verdict {
        GOOD("ok"),
        DOUBTFUL("!!"),
        BAD("XX");

        private final String sign;

        Verdict(String sign) {
            this.sign = sign;
        }

        String sign() {
            return sign;
        }
    }

    /** @param whatToDo empty if nothing need be done */
    record Finding(Verdict verdict, String subject, String what, String whatToDo) {}

    private final List<Finding> findings = new ArrayList<>();

    void good(String subject, String what) {
        findings.add(new Finding(Verdict.GOOD, subject, what, ""));
    }

    void doubtful(String subject, String what, String whatToDo) {
        findings.add(new Finding(Verdict.DOUBTFUL, subject, what, whatToDo));
    }

    void bad(String subject, String what, String whatToDo) {
        findings.add(new Finding(Verdict.BAD, subject, what, whatToDo));
    }

    List<Finding> all() {
        return List.copyOf(findings);
    }
}
