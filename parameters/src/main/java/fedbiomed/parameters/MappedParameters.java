package fedbiomed.parameters;

import java.lang.foreign.Arena;

/**
 * Parameters in a memory-mapped file. Their tensors are views of the mapping: after {@link #close} reading one throws
 * {@link IllegalStateException}. The file must not be cut or written to while it is open (ours never are: they are
 * written aside and renamed).
 */
public final class MappedParameters implements AutoCloseable {
    private final Arena arena;
    private final Parameters parameters;

    MappedParameters(Arena arena, Parameters parameters) {
        this.arena = arena;
        this.parameters = parameters;
    }

    public Parameters parameters() {
        return parameters;
    }

    /** Unmaps the file; a second call does nothing. */
    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
