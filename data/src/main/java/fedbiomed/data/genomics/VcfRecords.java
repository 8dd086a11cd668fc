package fedbiomed.data.genomics;

import fedbiomed.data.file.ByteLines;
import fedbiomed.data.file.FileProblem;
import fedbiomed.vocabulary.FedbiomedException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;

/** A VCF file's records one after the other, each with the genotypes of all samples. */
final class VcfRecords implements AutoCloseable {
    /** A million samples with their genotypes alone are 4 MB a line; with depths and likelihoods, ten times that. */
    static final int MAX_LINE_BYTES = 64 << 20;

    static final int MAX_SAMPLES = 1_000_000;
    /** Alleles of a short tandem repeat are some dozens. */
    static final int MAX_ALTERNATIVES = 1_000;
    /** Stands for an allele that the genotype has no place for: the second of a haploid one. */
    static final short NONE = -2;
    /** Stands for an allele that was not called. */
    static final short MISSING = -1;

    private static final int FIXED_COLUMNS = 9;
    private static final String HEADER = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO";

    private final ByteLines lines;
    private final List<String> samples;
    private final int[] columns = new int[FIXED_COLUMNS + 1];
    /** Two alleles a sample, by number: 0 is the reference. */
    private final short[] alleles;

    private Variant variant = new Variant("", 0, "", "");
    private int alternatives;

    private VcfRecords(ByteLines lines) {
        this.lines = lines;
        this.samples = header();
        this.alleles = new short[2 * samples.size()];
    }

    static VcfRecords open(Path file) {
        var lines = ByteLines.open(file, MAX_LINE_BYTES);
        try {
            return new VcfRecords(lines);
        } catch (RuntimeException e) {
            lines.close();
            throw e;
        }
    }

    private FileProblem problem() {
        return lines.problem();
    }

    private List<String> header() {
        if (!lines.next()) {
            throw problem().of("it is empty; a VCF file begins with ##fileformat=VCFv4.2");
        }
        if (startsWith("BCF\2")) {
            throw problem().of("it is BCF, the binary form, which is not read; convert it: bcftools view -Oz");
        }
        if (!startsWith("##fileformat=VCFv4.")) {
            throw problem().atLine(1, "it does not begin with ##fileformat=VCFv4.; is it a VCF file of version 4?");
        }
        while (lines.next()) {
            if (!startsWith("##")) {
                return sampleNames();
            }
        }
        throw problem().of("it ends before the line that begins with #CHROM; copy it again");
    }

    private boolean startsWith(String ascii) {
        if (lines.length() < ascii.length()) {
            return false;
        }
        for (int i = 0; i < ascii.length(); i++) {
            if (lines.bytes()[i] != ascii.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private List<String> sampleNames() {
        var text = lines.text();
        if (!text.startsWith(HEADER) || text.length() > HEADER.length() && !text.startsWith(HEADER + "\tFORMAT\t")) {
            throw problem()
                    .atLine(
                            lines.line(),
                            "it is not the header line, separated by tabs: " + HEADER.replace('\t', ' ')
                                    + " FORMAT and the samples");
        }
        if (text.length() == HEADER.length()) {
            throw problem().atLine(lines.line(), "it has no samples; name a file with genotypes");
        }
        var names =
                List.of(text.substring(HEADER.length() + "\tFORMAT\t".length()).split("\t", -1));
        long distinct = new HashSet<>(names).size();
        if (names.size() > MAX_SAMPLES || distinct != names.size() || names.contains("")) {
            throw problem()
                    .atLine(
                            lines.line(),
                            "it has " + names.size() + " samples, of which "
                                    + (names.size() - distinct) + " have the name of another; at most " + MAX_SAMPLES
                                    + " are read, each with a name of its own");
        }
        return names;
    }

    List<String> samples() {
        return samples;
    }

    /** Moves to the next record; false at the end. */
    boolean next() {
        do {
            if (!lines.next()) {
                return false;
            }
        } while (lines.length() == 0);
        split();
        var alternative = text(4);
        alternatives = alternative.equals(".")
                ? 0
                : (int) alternative.chars().filter(c -> c == ',').count() + 1;
        if (alternatives > MAX_ALTERNATIVES) {
            throw wrong("it has more than " + MAX_ALTERNATIVES + " alternative alleles; leave the record out");
        }
        variant = new Variant(text(0), position(text(1)), text(3), alternative);
        genotypes();
        return true;
    }

    /** Where the fixed columns begin, and after them the first sample. */
    private void split() {
        int column = 0;
        columns[0] = 0;
        for (int i = 0; i < lines.length() && column < FIXED_COLUMNS; i++) {
            if (lines.bytes()[i] == '\t') {
                columns[++column] = i + 1;
            }
        }
        if (column < FIXED_COLUMNS) {
            throw wrong("it has " + (column + 1) + " columns, separated by tabs, where the header has "
                    + (FIXED_COLUMNS + samples.size()));
        }
        for (int i : new int[] {0, 1, 3, 4}) {
            if (columns[i + 1] - 1 == columns[i]) {
                throw wrong("column " + (i + 1) + " is empty; export the file again");
            }
        }
    }

    private String text(int column) {
        return lines.text(columns[column], columns[column + 1] - 1);
    }

    private int position(String text) {
        int position = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9 || position > (Integer.MAX_VALUE - digit) / 10) {
                throw wrong("its position is not a whole number of at most 2^31; export the file again");
            }
            position = position * 10 + digit;
        }
        return position;
    }

    /** GT is the first of a sample's fields, where there is one (VCF, section 1.6.2). */
    private void genotypes() {
        int from = columns[FIXED_COLUMNS - 1];
        int end = columns[FIXED_COLUMNS] - 1;
        boolean called = end - from >= 2
                && lines.bytes()[from] == 'G'
                && lines.bytes()[from + 1] == 'T'
                && (end - from == 2 || lines.bytes()[from + 2] == ':');
        if (!called && (":" + lines.text(from, end) + ":").contains(":GT:")) {
            throw wrong("GT is not the first of its fields, as VCF asks; export the file again");
        }
        int at = columns[FIXED_COLUMNS];
        for (int sample = 0; sample < samples.size(); sample++) {
            if (at > lines.length()) {
                throw columnsDiffer(sample);
            }
            int until = at;
            while (until < lines.length() && lines.bytes()[until] != '\t') {
                until++;
            }
            if (called) {
                genotype(sample, at, until);
            } else {
                set(sample, MISSING, NONE);
            }
            at = until + 1;
        }
        if (at <= lines.length()) {
            throw columnsDiffer(samples.size() + 1);
        }
    }

    private FedbiomedException columnsDiffer(int samplesHere) {
        return wrong("it has " + (samplesHere > samples.size() ? "more" : "fewer")
                + " columns than the header; the file is damaged: copy or export it again");
    }

    /** {@code 0/1}, {@code 0|1}, {@code ./.}, {@code 1}: allele numbers with {@code /} or {@code |} between them. */
    private void genotype(int sample, int from, int to) {
        int at = from;
        // a separator in front tells the first allele's phase (VCF 4.4)
        if (at < to && isSeparator(lines.bytes()[at])) {
            at++;
        }
        int count = 0;
        short first = NONE;
        short second = NONE;
        while (true) {
            int allele = 0;
            int start = at;
            while (at < to && lines.bytes()[at] >= '0' && lines.bytes()[at] <= '9') {
                allele = Math.min(MAX_ALTERNATIVES + 1, allele * 10 + lines.bytes()[at] - '0');
                at++;
            }
            if (at == start && at < to && lines.bytes()[at] == '.') {
                allele = MISSING;
                at++;
            }
            if (at == start) {
                throw wrong(genotype(sample) + "is not written as allele numbers; export the file again");
            }
            if (allele > alternatives) {
                throw wrong(genotype(sample) + "has an allele that the record does not list; export the file again");
            }
            second = count == 1 ? (short) allele : second;
            first = count == 0 ? (short) allele : first;
            count++;
            if (at == to || lines.bytes()[at] == ':') {
                break;
            }
            if (count == 2 || !isSeparator(lines.bytes()[at])) {
                throw wrong(genotype(sample)
                        + (count == 2 ? "has more than two alleles, and " : "is not written as allele numbers: ")
                        + "genotypes of one and of two are read; leave the record out");
            }
            at++;
        }
        set(sample, first, second);
    }

    private static boolean isSeparator(byte b) {
        return b == '/' || b == '|';
    }

    private void set(int sample, short first, short second) {
        alleles[2 * sample] = first;
        alleles[2 * sample + 1] = second;
    }

    private static String genotype(int sample) {
        return "the genotype in sample column " + (sample + 1) + " ";
    }

    private FedbiomedException wrong(String what) {
        return problem().atLine(lines.line(), what);
    }

    long line() {
        return lines.line();
    }

    /** The record's, with all alternative alleles. */
    Variant variant() {
        return variant;
    }

    /** The third column: ids separated by semicolons, or {@code .} */
    String ids() {
        return text(2);
    }

    int alternatives() {
        return alternatives;
    }

    /** As {@link #NONE} and {@link #MISSING} say; else the number of the allele. */
    short allele(int sample, int which) {
        return alleles[2 * sample + which];
    }

    @Override
    public void close() {
        lines.close();
    }
}
