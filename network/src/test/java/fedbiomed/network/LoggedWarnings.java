package fedbiomed.network;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What is logged as a warning or worse, by us and by the libraries, from its making to its closing. */
public final class LoggedWarnings extends Handler implements AutoCloseable {
    /** Held, so that their levels are not forgotten with them. */
    private final List<Logger> loggers = List.of(
            Logger.getLogger(""), Logger.getLogger("org.apache.activemq"), Logger.getLogger("org.apache.artemis"));

    private final List<Level> levels = loggers.stream().map(Logger::getLevel).toList();
    private final List<String> records = Collections.synchronizedList(new ArrayList<>());

    public LoggedWarnings() {
        loggers.forEach(logger -> logger.setLevel(Level.WARNING));
        loggers.getFirst().addHandler(this);
    }

    /** The messages, with the class of what was thrown. */
    public List<String> texts() {
        synchronized (records) {
            return List.copyOf(records);
        }
    }

    @Override
    public void publish(LogRecord record) {
        if (record.getLevel().intValue() >= Level.WARNING.intValue()) {
            records.add(record.getLevel() + " " + record.getLoggerName() + ": " + record.getMessage()
                    + (record.getThrown() == null
                            ? ""
                            : " (" + record.getThrown().getClass().getName() + ")"));
        }
    }

    @Override
    public void flush() {
        // kept in memory
    }

    @Override
    public void close() {
        loggers.getFirst().removeHandler(this);
        for (int i = 0; i < loggers.size(); i++) {
            loggers.get(i).setLevel(levels.get(i));
        }
    }
}
