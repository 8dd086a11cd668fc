package fedbiomed.data.genomics;

import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A place where genomes differ, as a federation names it: {@code 20:14370:G:A}. Nodes that mean the same must use the
 * same reference genome, the same chromosome names, and left-aligned alleles ({@code bcftools norm}).
 *
 * @param chromosome as the file names it, {@code 20} or {@code chr20}
 * @param position of the first base of {@code reference}, from 1 (0 before the first base, as VCF has it)
 * @param reference the bases of the reference genome
 * @param alternative the other allele; several are separated by commas, none is {@code .}
 */
public record Variant(String chromosome, int position, String reference, String alternative) {
    // contig names of HLA have colons, alleles have none: the last three parts are the others
    private static final Pattern KEY = Pattern.compile("(.+):(\\d{1,10}):([^:]+):([^:]+)");

    /** @throws FedbiomedException DATA_UNFIT if it is not written as {@link #toString} writes it */
    public static Variant parse(String key) {
        var variant = find(key);
        if (variant == null) {
            throw new FedbiomedException(
                    ErrorCode.DATA_UNFIT,
                    "'" + Text.shown(key)
                            + "' names no variant; write chromosome:position:reference:alternative, such as"
                            + " 20:14370:G:A");
        }
        return variant;
    }

    /** {@code null} if it is not written as {@link #toString} writes it. */
    static @Nullable Variant find(String key) {
        var parts = KEY.matcher(key);
        long position = parts.matches() ? Long.parseLong(parts.group(2)) : Long.MAX_VALUE;
        return position > Integer.MAX_VALUE
                ? null
                : new Variant(parts.group(1), (int) position, parts.group(3), parts.group(4));
    }

    /** With the alleles the other way round, as files of another reference genome have it. */
    Variant swapped() {
        return new Variant(chromosome, position, alternative, reference);
    }

    @Override
    public String toString() {
        return chromosome + ":" + position + ":" + reference + ":" + alternative;
    }
}
