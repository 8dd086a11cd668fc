package fedbiomed.protocol.home;

/** What a file that was written outlives. */
public enum Durability {
    /** A power cut: it and its folder are forced to the disk. What anybody was told of rests on such files. */
    POWER_CUT,
    /** The end of the process, however it ends; a power cut may take it. For simulations, and for what is fetched or made anew then. */
    PROCESS
}
