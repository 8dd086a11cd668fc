package fedbiomed.protocol.audit;

import java.nio.file.Path;
import java.time.Clock;

/** A process of its own that adds lines to a log: the home, the dataset that it names, how many. */
final class AppendProcess {
    private AppendProcess() {}

    static void main(String[] arguments) {
        var log = AuditLog.ofNode(Path.of(arguments[0]), Clock.systemUTC());
        for (int i = 0; i < Integer.parseInt(arguments[2]); i++) {
            log.append(
                    AuditEvent.of(AuditKind.DATASET_ADDED).dataset(arguments[1]).build());
        }
    }
}
