package fedbiomed.data.tabular;

/** Texts of which each different one has a number, from 0 in the order in which they first appear. */
public interface CodedTexts extends Texts {
    int MISSING = -1;

    /** {@link #MISSING} where a value is missing. */
    int code(int row);

    /** How many different texts there are. */
    int codes();
}
