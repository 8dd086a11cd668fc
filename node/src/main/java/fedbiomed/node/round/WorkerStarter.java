package fedbiomed.node.round;

import fedbiomed.data.DatasetKinds;
import fedbiomed.data.source.StoredDataset;
import fedbiomed.training.worker.WorkerClassPath;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts worker processes, each in its sandbox. All are started by one thread that lives as long as they do: Linux sends
 * a child its parent's death signal when the <em>thread</em> that started it ends, and the threads that carry virtual
 * ones end when they have been idle for a while.
 */
final class WorkerStarter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerStarter.class);

    private final WorkerSettings settings;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("worker-starter").factory());
    private final DuckDbLibrary duckDb;
    private final Optional<Cgroups> cgroups;
    private volatile boolean proven;
    /** What this process was started with: it does not change while it runs. */
    private volatile List<Path> classPath = List.of();

    WorkerStarter(WorkerSettings settings) {
        this(settings, cgroups());
    }

    private WorkerStarter(WorkerSettings settings, Optional<Cgroups> cgroups) {
        this.settings = settings;
        this.duckDb = new DuckDbLibrary(settings.cache().resolveSibling("duckdb"));
        this.cgroups = cgroups;
    }

    /** For a process beside the workers, whose memory and threads only the {@link WorkerWatch} looks after. */
    static WorkerStarter withoutGroups(WorkerSettings settings) {
        return new WorkerStarter(settings, Optional.empty());
    }

    private static Optional<Cgroups> cgroups() {
        try {
            var cgroups = Cgroups.open();
            LOG.info("the kernel keeps the memory and the threads of each worker (cgroup v2)");
            return Optional.of(cgroups);
        } catch (FedbiomedException e) {
            LOG.info("this node looks after the memory and the threads of workers itself: {}", e.text());
            return Optional.empty();
        }
    }

    /** What the node's log says at its start, loudly where plans have more rights than they should. */
    void announce() {
        announceGpu();
        if (settings.sandbox() == SandboxKind.JVM_ONLY) {
            LOG.warn(
                    "SANDBOX: jvm-only. Plans run with this node's rights to files and network; only the check of their"
                            + " bytecode and the limits stand in between. Install bubblewrap and set 'sandbox: bubblewrap'");
            return;
        }
        try {
            requireSandbox();
            LOG.info("sandbox: bubblewrap");
        } catch (FedbiomedException e) {
            // a node that is closed while it starts has found out nothing
            if (e.code() != ErrorCode.CANCELLED) {
                LOG.warn("SANDBOX: none, so no plan is run. {}", e.text());
            }
        }
    }

    private void announceGpu() {
        if (settings.gpu().allowed()) {
            var decision = gpu(true, true);
            if (decision.gpu()) {
                LOG.info("GPU: plans may use one; {}", decision.because());
            } else {
                LOG.warn("GPU: none, although this node was started with --gpu; {}", decision.because());
            }
        }
    }

    /** Where the next plan's work is done. @param asked whether the researcher wants a GPU */
    GpuPolicy.Decision gpu(boolean asked, boolean torch) {
        return settings.gpu().decide(asked, torch, Gpus.of(classPath(), Gpus.DEVICES));
    }

    private List<Path> classPath() {
        if (classPath.isEmpty()) {
            classPath = WorkerClassPath.of(System.getProperty("java.class.path"));
        }
        return classPath;
    }

    /** DuckDB comes only with the tables that it reads. */
    private List<Path> classPath(StoredDataset data) throws IOException {
        if (DatasetKinds.get(data.kind()).usesDuckDb()) {
            return duckDb.prepared(classPath());
        }
        return DuckDbLibrary.without(classPath());
    }

    /** @throws FedbiomedException {@code POLICY} where bubblewrap is asked for and cannot be had */
    private void requireSandbox() {
        if (settings.sandbox() == SandboxKind.JVM_ONLY || proven) {
            return;
        }
        // looked for at each request until it is there: its installation needs no restart
        Bubblewrap.obstacle().ifPresent(obstacle -> {
            throw new FedbiomedException(
                    ErrorCode.POLICY,
                    "this node runs no plan, since it has no sandbox for it: " + obstacle
                            + ". Its data manager does that, or sets 'sandbox: jvm-only' in the node's config.yaml, which"
                            + " leaves plans the node's own rights to files and network");
        });
        proven = true;
    }

    /**
     * @param main what the process runs
     * @param data what it may read
     */
    Process start(Class<?> main, WorkerFolder folder, StoredDataset data, boolean torch) throws IOException {
        requireSandbox();
        var dataset = data.path();
        var classPath = classPath(data);
        var natives = torch && settings.sandbox() == SandboxKind.BUBBLEWRAP ? unpacked(classPath()) : List.<Path>of();
        var group = cgroups.isPresent() ? cgroups.get().create(folder.root(), settings.limits()) : null;
        var started =
                thread.submit(() -> WorkerProcess.start(settings, main, folder, dataset, classPath, natives, group));
        try {
            return started.get();
        } catch (ExecutionException e) {
            throw new IOException("a worker cannot be started", e.getCause());
        } catch (InterruptedException e) {
            // the process must not be left without an owner
            if (!started.cancel(false)) {
                thread.execute(() -> kill(started));
            }
            Thread.currentThread().interrupt();
            throw new FedbiomedException(ErrorCode.CANCELLED, "the work was cancelled", e);
        }
    }

    private synchronized List<Path> unpacked(List<Path> classPath) throws IOException {
        return new NativeLibraries(settings.cache(), classPath).unpacked();
    }

    private static void kill(java.util.concurrent.Future<Process> started) {
        if (started.state() == java.util.concurrent.Future.State.SUCCESS) {
            WorkerProcess.kill(started.resultNow());
        }
    }

    @Override
    public void close() {
        thread.shutdown();
    }
}
