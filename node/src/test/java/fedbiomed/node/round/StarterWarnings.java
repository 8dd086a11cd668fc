package fedbiomed.node.round;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What nodes in this process warn of when they look at their sandbox, from its making to its closing. */
public final class StarterWarnings extends Handler implements AutoCloseable {
    /** Held, so that the handler is not forgotten with it. */
    private final Logger logger = Logger.getLogger(WorkerStarter.class.getName());

    private final List<String> texts = new CopyOnWriteArrayList<>();

    public StarterWarnings() {
        logger.addHandler(this);
    }

    public List<String> texts() {
        return List.copyOf(texts);
    }

    @Override
    public void publish(LogRecord record) {
        if (record.getLevel().intValue() >= Level.WARNING.intValue()) {
            texts.add(record.getMessage());
        }
    }

    @Override
    public void flush() {
        // kept in memory
    }

    @Override
    public void close() {
        logger.removeHandler(this);
    }
}
