package fedbiomed.data.source;

/** Told how far the reading of a dataset has come; by several threads. */
public interface ReadProgress {
    /** Nobody watches. */
    ReadProgress NONE = (_, _) -> {};

    /** So many of all samples were read. */
    void read(long done, long samples);
}
