package fedbiomed.data.tabular;

/** A column that is being read: its values, and what is known of their type so far. */
record Column(ColumnText text, TypeInference inference) {
    Column() {
        this(new ColumnText(), new TypeInference());
    }

    void add(String field, long line) {
        var value = field.strip();
        inference.accept(value, line);
        text.add(MissingValues.isMissing(value) ? null : value);
    }
}
