package fedbiomed.data.genomics;

import fedbiomed.data.file.FileProblem;
import fedbiomed.data.source.DataFolder;
import fedbiomed.data.source.NameChecksum;
import fedbiomed.data.source.SampleSource;
import fedbiomed.vocabulary.FedbiomedException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A folder with a VCF file and, perhaps, a table of phenotypes. A sample is one of the VCF file's. Array {@value #DOSAGE},
 * F32 {@code [variants]}: how many alternative alleles ({@link VcfFile}); and the table's columns. They are held in memory
 * at two bits each. What the array's content says of the list of variants is the same where the variants are the same, in
 * the same order.
 */
public final class GenotypeFolder {
    public static final String DOSAGE = "dosage";

    static final String REGION = "region";
    static final String ABSENT = "absent";
    private static final String VCF = "vcf";
    private static final String VARIANTS = "variants";
    private static final String ALLELES = "alleles";
    private static final String PHENOTYPES = "phenotypes";
    private static final Pattern VCF_FILES = Pattern.compile(".*\\.vcf(\\.b?gz)?", Pattern.CASE_INSENSITIVE);

    /** What the data manager may say about the reading, with explanations. */
    public static final SortedMap<String, String> SETTINGS =
            Collections.unmodifiableSortedMap(new TreeMap<>(Map.ofEntries(
                    Map.entry(VCF, "the VCF file in the folder (without it the only one there is)"),
                    Map.entry(
                            VARIANTS,
                            "a file in the folder with the agreed variants in the agreed order, one a line:"
                                    + " chromosome:position:reference:alternative, or the id in the VCF file (without it"
                                    + " all, as the VCF file has them)"),
                    Map.entry(
                            ABSENT,
                            "refuse (without it) or reference: variants of that list that the VCF file has not; reference"
                                    + " says that every sample then has the reference"),
                    Map.entry(REGION, "only variants there, e.g. 20:1000-2000,21 (without it all)"),
                    Map.entry(
                            ALLELES,
                            "together (without it) or split: whether a record with several alternative alleles is one"
                                    + " variant or as many"),
                    Map.entry(Imputed.MISSING, Imputed.EXPLAINED),
                    Map.entry(
                            PHENOTYPES,
                            "the CSV or TSV file in the folder with a row a sample (without it the only one there is)"),
                    Map.entry(PhenotypeJoin.KEY, PhenotypeJoin.KEY_EXPLAINED),
                    Map.entry(PhenotypeJoin.UNMATCHED, PhenotypeJoin.UNMATCHED_EXPLAINED))));

    private GenotypeFolder() {}

    /**
     * Reads everything.
     *
     * @throws FedbiomedException DATA_UNFIT naming file, place and remedy, and no sample
     */
    public static SampleSource open(Path path, SortedMap<String, String> settings) {
        var folder = DataFolder.of(path);
        var vcf = folder.file(VCF, settings, file -> VCF_FILES.matcher(file).matches(), "VCF files");
        if (vcf == null) {
            throw Choice.unfit("the folder holds no file whose name ends in .vcf or .vcf.gz; BCF is converted by"
                    + " bcftools view -Oz");
        }
        var listFile = settings.containsKey(VARIANTS)
                ? folder.file(VARIANTS, settings, _ -> false, "lists of variants")
                : null;
        boolean together = Choice.of(settings, ALLELES, "together", "split").equals("together");
        var genotypes = genotypes(folder, vcf, listFile, together, settings);
        var phenotypes =
                folder.file(PHENOTYPES, settings, file -> isTable(file) && !file.equals(listFile), "CSV or TSV files");
        var join = PhenotypeJoin.of(folder, phenotypes, settings, genotypes.samples(), "");
        var variants = genotypes.variants();
        var imputed = Imputed.of(
                genotypes::dosage,
                join.samples(),
                variants.size(),
                i -> variants.get(i).toString(),
                settings);
        return new PhenotypedArray(
                new PhenotypedArray.Description(
                        DOSAGE, List.of((long) variants.size()), content(variants, together), imputed.incomplete()),
                imputed::read,
                join,
                folder,
                Stream.of(vcf, listFile, phenotypes),
                settings);
    }

    static boolean isTable(String file) {
        var name = file.toLowerCase(Locale.ROOT);
        return name.endsWith(".csv") || name.endsWith(".tsv");
    }

    private static Genotypes genotypes(
            DataFolder folder,
            String vcf,
            @Nullable String listFile,
            boolean together,
            SortedMap<String, String> settings) {
        var rule = together ? MultiAllelic.COUNTED_TOGETHER : MultiAllelic.SPLIT;
        boolean reference = Choice.of(settings, ABSENT, "refuse", "reference").equals("reference");
        var region = settings.get(REGION);
        if (listFile == null) {
            if (settings.containsKey(ABSENT)) {
                throw Choice.unfit("the setting '" + ABSENT + "' is about the list of variants, the setting '"
                        + VARIANTS + "', which is not set");
            }
            var regions = region == null ? null : Regions.parse(region);
            var read =
                    VcfFile.read(folder.path(vcf), rule, (variant, _) -> regions == null || regions.contains(variant));
            if (read.variants().isEmpty()) {
                throw new FileProblem(folder.path(vcf))
                        .of("it has no variant in the region that the setting '" + REGION
                                + "' names; are chromosomes named in the same way (20 or chr20)?");
            }
            return read;
        }
        if (region != null) {
            throw Choice.unfit(
                    "the settings '" + VARIANTS + "' and '" + REGION + "' both choose variants; leave one out");
        }
        var list = VariantList.read(folder.path(listFile));
        var read = VcfFile.read(folder.path(vcf), rule, list::takes);
        return read.select(list.variants(reference), reference);
    }

    private static String content(List<Variant> variants, boolean together) {
        return variants.size() + " variants, list "
                + NameChecksum.of(variants.stream().map(Variant::toString))
                + (together ? "" : ", alleles split");
    }
}
