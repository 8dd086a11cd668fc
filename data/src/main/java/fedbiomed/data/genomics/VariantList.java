package fedbiomed.data.genomics;

import fedbiomed.data.file.FileProblem;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The variants that a federation agreed on, in its order: a file with one a line, {@code 20:14370:G:A} or an id that the
 * VCF file has in its third column ({@code rs6054257}). While a VCF file is read it notes which of them are there.
 */
final class VariantList {
    private static final int NAMES_SHOWN = 5;
    /** Several alternative alleles are separated by commas. */
    private static final Pattern SEPARATORS = Pattern.compile("[;\\t]");

    private static final Pattern DB_SNP = Pattern.compile("rs\\d{1,12}");

    private final FileProblem problem;
    private final List<String> names;
    private final Map<Variant, Integer> byVariant = new HashMap<>();
    private final Map<String, Integer> byId = new HashMap<>();
    private final @Nullable Variant[] found;
    private int swapped;

    private VariantList(FileProblem problem, List<String> names) {
        this.problem = problem;
        this.names = names;
        this.found = new @Nullable Variant[names.size()];
        for (int i = 0; i < names.size(); i++) {
            var variant = Variant.find(names.get(i));
            if (variant == null) {
                byId.put(names.get(i), i);
            } else {
                byVariant.put(variant, i);
            }
        }
    }

    /** @throws FedbiomedException DATA_UNFIT naming the line and the remedy */
    static VariantList read(Path file) {
        return new VariantList(new FileProblem(file), NameList.read(file, SEPARATORS));
    }

    /**
     * Whether a record's variant is wanted; it then is noted.
     *
     * @param ids as VCF's third column has them
     * @throws FedbiomedException DATA_UNFIT if it was there before
     */
    boolean takes(Variant variant, String ids) {
        var place = byVariant.get(variant);
        if (place == null && !byId.isEmpty()) {
            for (var id : ids.split(";", -1)) {
                place = place == null ? byId.get(id) : place;
            }
        }
        if (place == null) {
            swapped += byVariant.containsKey(variant.swapped()) ? 1 : 0;
            return false;
        }
        if (found[place] != null) {
            throw problem.of("the VCF file has the variant " + shown(names.get(place), variant)
                    + " in more than one record; join them (bcftools norm -m +), or name it as"
                    + " chromosome:position:reference:alternative");
        }
        found[place] = variant;
        return true;
    }

    /** Of a file that was named by mistake nothing is repeated: it may be a list of patients. */
    private static String shown(String name, @Nullable Variant variant) {
        return variant != null || DB_SNP.matcher(name).matches() ? Text.shown(name, 60) : "an id";
    }

    /**
     * The variants of the list, after all records were seen.
     *
     * @param absentAllowed whether variants may lack
     * @throws FedbiomedException DATA_UNFIT naming some of those that lack
     */
    List<Variant> variants(boolean absentAllowed) {
        var variants = new ArrayList<Variant>();
        var lacking = new ArrayList<String>();
        int count = 0;
        int unknown = 0;
        for (int i = 0; i < found.length; i++) {
            var variant = found[i] == null ? Variant.find(names.get(i)) : found[i];
            if (found[i] == null) {
                count++;
                unknown += variant == null ? 1 : 0;
                if (lacking.size() < NAMES_SHOWN) {
                    lacking.add(shown(names.get(i), variant));
                }
            }
            if (variant != null) {
                variants.add(variant);
            }
        }
        if (count == names.size() || count > 0 && !absentAllowed || unknown > 0) {
            throw problem.of("the VCF file lacks " + count + " of the " + names.size() + " variants ("
                    + Imputed.shown(lacking, count) + ")"
                    + (swapped > 0
                            ? "; " + swapped + " it has with reference and alternative the other way round: is its"
                                    + " reference genome another?"
                            : "; are chromosomes named in the same way (20 or chr20), of the same reference genome, and the"
                                    + " alleles left-aligned (bcftools norm)?")
                    + (unknown > 0 && absentAllowed
                            ? " Of those that are named by id the alleles are not known: name them as"
                                    + " chromosome:position:reference:alternative"
                            : " Take them off the list everywhere, or, if samples without a record are known to have the"
                                    + " reference, set '" + GenotypeFolder.ABSENT + "' to reference"));
        }
        return variants.stream().map(Objects::requireNonNull).toList();
    }
}
