package fedbiomed.node.policy;

import fedbiomed.node.state.NodeDatabase;
import fedbiomed.vocabulary.PartyId;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** In the node's state. */
final class SqlUsage implements UsageRows {
    private final NodeDatabase database;

    SqlUsage(NodeDatabase database) {
        this.database = database;
    }

    @Override
    public void begin(String request, LocalDate day, PartyId researcher, String dataset, boolean round) {
        database.change(handle -> handle.execute(
                "INSERT INTO policy_usage (request, day, researcher, dataset, rounds, millis) SELECT ?, ?, ?, ?,"
                        + " ? AND NOT EXISTS (SELECT 1 FROM policy_usage WHERE request = ?), 0"
                        + " ON CONFLICT (request, day) DO NOTHING",
                request,
                day.toString(),
                researcher.value(),
                dataset,
                round,
                request));
    }

    @Override
    public void worked(String request, LocalDate day, PartyId researcher, String dataset, Duration time) {
        database.change(handle -> handle.execute(
                "INSERT INTO policy_usage (request, day, researcher, dataset, rounds, millis) VALUES (?, ?, ?, ?, 0, ?)"
                        + " ON CONFLICT (request, day) DO UPDATE SET millis = millis + excluded.millis",
                request,
                day.toString(),
                researcher.value(),
                dataset,
                time.toMillis()));
    }

    @Override
    public List<UsageLedger.Entry> of(LocalDate day, PartyId researcher, @Nullable String except) {
        return database.transaction(handle -> select(
                handle,
                """
                        SELECT researcher, dataset, sum(CASE WHEN request = :request THEN 0 ELSE rounds END) AS rounds,
                            sum(millis) AS millis
                        FROM policy_usage WHERE day = :day AND researcher = :researcher GROUP BY researcher, dataset
                        """,
                Map.of(
                        "day",
                        day.toString(),
                        "researcher",
                        researcher.value(),
                        "request",
                        except == null ? "" : except)));
    }

    @Override
    public List<UsageLedger.Entry> of(LocalDate day) {
        return database.transaction(handle -> select(
                handle,
                "SELECT researcher, dataset, sum(rounds) AS rounds, sum(millis) AS millis FROM policy_usage"
                        + " WHERE day = :day GROUP BY researcher, dataset ORDER BY researcher, dataset",
                Map.of("day", day.toString())));
    }

    private static List<UsageLedger.Entry> select(Handle handle, String query, Map<String, String> values) {
        return handle.createQuery(query)
                .bindMap(values)
                .map((row, _) -> new UsageLedger.Entry(
                        row.getString("researcher"),
                        row.getString("dataset"),
                        row.getLong("rounds"),
                        Duration.ofMillis(row.getLong("millis"))))
                .list();
    }

    @Override
    public void forgetBefore(LocalDate day) {
        database.change(handle -> handle.execute("DELETE FROM policy_usage WHERE day < ?", day.toString()));
    }
}
