package fedbiomed.network.broker;

import fedbiomed.network.enrolment.CaPassphrase;
import fedbiomed.network.enrolment.ServerIdentity;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A broker that runs elsewhere. Its files are written anew and its reload command is run whenever parties come or go.
 */
public final class ExternalBroker implements Broker {
    private static final Logger LOG = LoggerFactory.getLogger(ExternalBroker.class);
    private static final long COMMAND_SECONDS = 30;

    private final int port;
    private final Consumer<ServerIdentity> writeFiles;
    private final String onChange;
    private volatile ServerIdentity identity;

    /**
     * @param writeFiles writes the broker's files, for the given certificate of the Network
     * @param onChange a shell command; empty for none
     */
    public ExternalBroker(int port, ServerIdentity identity, Consumer<ServerIdentity> writeFiles, String onChange) {
        this.port = port;
        this.identity = identity;
        this.writeFiles = writeFiles;
        this.onChange = onChange;
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public int connections() {
        return -1;
    }

    @Override
    public void registerChanged() {
        writeFiles.accept(identity);
        if (!onChange.isBlank()) {
            reload();
        }
    }

    /** The broker itself looks at certificates only when a connection begins. */
    @Override
    public void endExpired() {
        // not ours to end
    }

    @Override
    public void renew(ServerIdentity renewed) {
        identity = renewed;
        registerChanged();
    }

    private void reload() {
        try {
            var command = new ProcessBuilder("/bin/sh", "-c", onChange)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD);
            // it needs no secret of ours
            command.environment().remove(CaPassphrase.VARIABLE);
            var process = command.start();
            if (!process.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                LOG.error("the command broker.on_change did not end within {} s: {}", COMMAND_SECONDS, onChange);
            } else if (process.exitValue() != 0) {
                LOG.error("the command broker.on_change ended with {}: {}", process.exitValue(), onChange);
            }
        } catch (IOException e) {
            throw new FedbiomedException(
                    ErrorCode.INTERNAL, "the command broker.on_change cannot be run: " + onChange, e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        // it is not ours to stop
    }
}
