package fedbiomed.node.registry;

import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Sha256;
import fedbiomed.vocabulary.Text;
import java.util.Collection;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** What a dataset may be called, and which id comes of that. */
public final class DatasetNames {
    static final int MAX_NAME_CHARS = 100;
    static final int MAX_DESCRIPTION_CHARS = 2000;
    private static final int MAX_TAGS = 50;
    private static final Pattern TAG = Pattern.compile("[\\p{L}\\p{N}#._:-]{1,64}");
    private static final int ID_DIGITS = 4;
    private static final int MAX_SLUG_CHARS = 40;

    private DatasetNames() {}

    /** @throws FedbiomedException {@code POLICY} for a name, tag or description that is not allowed, naming the rule */
    public static void requireShowable(String name, Collection<String> tags, String description) {
        if (name.isBlank()
                || name.length() > MAX_NAME_CHARS
                || !Text.shown(name, MAX_NAME_CHARS).equals(name)) {
            throw new FedbiomedException(
                    ErrorCode.POLICY,
                    "a dataset's name is 1 to " + MAX_NAME_CHARS + " characters on one line, not '" + Text.shown(name)
                            + "'");
        }
        if (description.length() > MAX_DESCRIPTION_CHARS) {
            throw new FedbiomedException(
                    ErrorCode.POLICY,
                    "the description has " + description.length() + " characters; at most " + MAX_DESCRIPTION_CHARS
                            + " are allowed");
        }
        if (tags.size() > MAX_TAGS) {
            throw new FedbiomedException(
                    ErrorCode.POLICY, "a dataset has at most " + MAX_TAGS + " tags, not " + tags.size());
        }
        for (var tag : tags) {
            if (!TAG.matcher(tag).matches()) {
                throw new FedbiomedException(
                        ErrorCode.POLICY,
                        "a tag is 1 to 64 letters, digits and # . _ : - without spaces, not '" + Text.shown(tag)
                                + "'; separate tags with commas");
            }
        }
    }

    /** The slug and four hexadecimal digits; where those are taken, the following ones, then more of them. */
    static String id(String name, String fingerprint, Predicate<String> isTaken) {
        var digits = Sha256.of(name + "\n" + fingerprint);
        int start = 0;
        var id = id(name, digits, start);
        while (isTaken.test(id)) {
            start++;
            id = id(name, digits, start);
        }
        return id;
    }

    private static String id(String name, String digits, int start) {
        int last = digits.length() - ID_DIGITS;
        return slug(name) + "-"
                + (start <= last
                        ? digits.substring(start, start + ID_DIGITS)
                        : digits.substring(0, ID_DIGITS) + Integer.toHexString(start));
    }

    private static String slug(String name) {
        var slug = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
        var cut = slug.length() > MAX_SLUG_CHARS ? slug.substring(0, MAX_SLUG_CHARS) : slug;
        return cut.isEmpty() ? "dataset" : cut;
    }
}
