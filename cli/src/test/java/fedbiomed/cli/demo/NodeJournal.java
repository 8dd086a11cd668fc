package fedbiomed.cli.demo;

import fedbiomed.protocol.message.MessageCodec;
import fedbiomed.protocol.message.Request;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** What a node has written down of the trainings that it was asked for; read while the node runs. */
record NodeJournal(Path home) {
    /** @param attempts how often the work on it was begun */
    record Training(String run, int round, int attempts, boolean answered) {}

    /** The trainings of one run, by rounds. */
    List<Training> trainings(String run) {
        var trainings = new ArrayList<Training>();
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + home.resolve("state.db"));
                var statement = connection.createStatement();
                var rows = statement.executeQuery(
                        "SELECT body, attempts, reply IS NOT NULL FROM request ORDER BY received")) {
            while (rows.next()) {
                if (MessageCodec.decode(rows.getBytes(1)) instanceof Request.Train(var job)
                        && job.runId().equals(run)) {
                    trainings.add(new Training(run, job.round(), rows.getInt(2), rows.getBoolean(3)));
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException("the journal of " + home + " cannot be read", e);
        }
        return trainings;
    }
}
