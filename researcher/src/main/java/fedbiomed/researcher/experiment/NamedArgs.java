package fedbiomed.researcher.experiment;

import fedbiomed.vocabulary.Args;

/** An aggregator or strategy as a file names it: {@code {name: fedavg, ...}}. */
public record NamedArgs(String name, Args args) {}
