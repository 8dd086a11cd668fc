package fedbiomed.node.policy;

import fedbiomed.vocabulary.PartyId;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where a {@link UsageLedger} writes. */
interface UsageRows {
    /** The request was begun; that it was one of the rounds of a day counts once. */
    void begin(String request, LocalDate day, PartyId researcher, String dataset, boolean round);

    /** A worker was so long at work for it. */
    void worked(String request, LocalDate day, PartyId researcher, String dataset, Duration time);

    /** What the researcher has had that day, a row a dataset, without the rounds of {@code except}. */
    List<UsageLedger.Entry> of(LocalDate day, PartyId researcher, @Nullable String except);

    /** What everybody has had that day, by researcher and dataset. */
    List<UsageLedger.Entry> of(LocalDate day);

    void forgetBefore(LocalDate day);

    /** Nothing is written. */
    UsageRows NONE = new UsageRows() {
        @Override
        public void begin(String request, LocalDate day, PartyId researcher, String dataset, boolean round) {}

        @Override
        public void worked(String request, LocalDate day, PartyId researcher, String dataset, Duration time) {}

        @Override
        public List<UsageLedger.Entry> of(LocalDate day, PartyId researcher, @Nullable String except) {
            return List.of();
        }

        @Override
        public List<UsageLedger.Entry> of(LocalDate day) {
            return List.of();
        }

        @Override
        public void forgetBefore(LocalDate day) {}
    };
}
