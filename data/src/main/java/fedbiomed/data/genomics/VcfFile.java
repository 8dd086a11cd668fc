package fedbiomed.data.genomics;

import fedbiomed.data.file.FileProblem;
import fedbiomed.vocabulary.FedbiomedException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * VCF files of version 4 (samtools/hts-specs, VCFv4.5), plain, gzip or bgzf: the genotypes of all samples as dosages. A
 * dosage is how many of a sample's alleles are alternative ones:
 * <ul>
 * <li>0, 1 or 2; phase ({@code |}) makes no difference;
 * <li>0 or 1 where the sample has one copy (chromosomes X and Y of men, mitochondria): it is not doubled;
 * <li>missing (NaN) where one of the alleles was not called ({@code ./.}, {@code ./1}), or where the record has no GT;
 * <li>symbolic alleles ({@code <DEL>}) and {@code *} are alternative alleles as any other;
 * <li>several alternative alleles: by {@link MultiAllelic}.
 * </ul>
 * Genotypes of more than two alleles are refused. FILTER and QUAL are not looked at: filter before
 * ({@code bcftools view -f PASS}).
 */
public final class VcfFile {
    /** Dosages that are held, at two bits each: 512 MiB. */
    static final long MAX_CELLS = 1L << 31;
    /** Of all variants' names together, in characters: each is some hundred bytes with its object. */
    static final long MAX_NAMES_CHARS = 1L << 28;

    private VcfFile() {}

    /**
     * What a file holds, without a sample's name or genotype.
     *
     * @param multiAllelic how many of the records have several alternative alleles
     * @param missing how many genotypes are missing
     */
    public record Description(int samples, long records, long multiAllelic, long missing) {}

    /**
     * Reads everything once, keeping no record.
     *
     * @throws FedbiomedException DATA_UNFIT naming line and remedy, and no sample, if the file is damaged or not as VCF has
     *     it; DATASET_CHANGED if there is none
     */
    public static Description describe(Path file) {
        try (var records = VcfRecords.open(file)) {
            long count = 0;
            long multiAllelic = 0;
            long missing = 0;
            int samples = records.samples().size();
            while (records.next()) {
                count++;
                multiAllelic += records.alternatives() > 1 ? 1 : 0;
                for (int i = 0; i < samples; i++) {
                    missing += dosage(records, i, 0) == Genotypes.MISSING ? 1 : 0;
                }
            }
            requireRecords(file, count);
            return new Description(samples, count, multiAllelic, missing);
        }
    }

    /** Which variants are read. */
    interface Choice {
        /** @param ids as the third column has them, {@code .} for none */
        boolean takes(Variant variant, String ids);
    }

    /** Reads all genotypes, as {@link #read(Path, MultiAllelic, Choice)}. */
    public static Genotypes read(Path file, MultiAllelic rule) {
        return read(file, rule, (_, _) -> true);
    }

    /**
     * Reads the genotypes of some variants into memory, at two bits each, and looks at the others.
     *
     * @throws FedbiomedException as {@link #describe}; DATA_UNFIT if there are more than 2^31 genotypes
     */
    static Genotypes read(Path file, MultiAllelic rule, Choice choice) {
        var problem = new FileProblem(file);
        try (var records = VcfRecords.open(file)) {
            var variants = new ArrayList<Variant>();
            var dosages = new ArrayList<byte[]>();
            int samples = records.samples().size();
            long characters = 0;
            long count = 0;
            while (records.next()) {
                count++;
                int columns = rule == MultiAllelic.SPLIT ? Math.max(1, records.alternatives()) : 1;
                for (int column = 0; column < columns; column++) {
                    var variant = columns == 1 ? records.variant() : split(records.variant(), column);
                    if (!choice.takes(variant, records.ids())) {
                        continue;
                    }
                    characters += variant.chromosome().length()
                            + variant.reference().length()
                            + variant.alternative().length();
                    if ((variants.size() + 1L) * samples > MAX_CELLS || characters > MAX_NAMES_CHARS) {
                        throw problem.atLine(
                                records.line(),
                                "there are more than " + MAX_CELLS
                                        + " genotypes, or the alleles' texts are longer than "
                                        + MAX_NAMES_CHARS
                                        + " characters together; keep the variants of interest (bcftools view -R) in a"
                                        + " file of their own, or set the dataset's 'variants' or 'region'");
                    }
                    variants.add(variant);
                    dosages.add(packed(records, samples, columns == 1 ? 0 : column + 1));
                }
            }
            requireRecords(file, count);
            return new Genotypes(records.samples(), variants, dosages);
        }
    }

    private static void requireRecords(Path file, long count) {
        if (count == 0) {
            throw new FileProblem(file).of("it has a header and no record; was its copy cut short?");
        }
    }

    private static Variant split(Variant variant, int alternative) {
        return new Variant(
                variant.chromosome(),
                variant.position(),
                variant.reference(),
                List.of(variant.alternative().split(",", -1)).get(alternative));
    }

    private static byte[] packed(VcfRecords records, int samples, int counted) {
        var packed = new byte[(samples + 3) / 4];
        for (int i = 0; i < samples; i++) {
            packed[i >> 2] |= (byte) (dosage(records, i, counted) << 2 * (i & 3));
        }
        return packed;
    }

    /** @param counted the allele that counts; 0 for all alternative ones */
    private static int dosage(VcfRecords records, int sample, int counted) {
        short first = records.allele(sample, 0);
        short second = records.allele(sample, 1);
        if (first == VcfRecords.MISSING || second == VcfRecords.MISSING) {
            return Genotypes.MISSING;
        }
        return (counts(first, counted) ? 1 : 0) + (counts(second, counted) ? 1 : 0);
    }

    private static boolean counts(short allele, int counted) {
        return counted == 0 ? allele > 0 : allele == counted;
    }
}
