package fedbiomed.node.sql;

import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * One statement of SQL that reads, by its words outside of quotes and comments. A first look, for an early and plain
 * refusal: what holds is that the connection is read-only, and the database account's rights.
 */
final class ReadingQuery {
    private static final int MAX_CHARS = 100_000;
    private static final Set<String> BEGINNINGS = Set.of("SELECT", "WITH", "VALUES", "FROM", "TABLE");
    private static final Set<String> WRITING = Set.of(
            "INSERT",
            "UPDATE",
            "DELETE",
            "MERGE",
            "DROP",
            "CREATE",
            "ALTER",
            "TRUNCATE",
            "GRANT",
            "REVOKE",
            "INTO",
            "UPSERT",
            "ATTACH",
            "INSTALL");

    private ReadingQuery() {}

    /** @return without a semicolon at its end. @throws FedbiomedException {@code UNSUPPORTED} */
    static String checked(String query) {
        if (query.isBlank() || query.length() > MAX_CHARS) {
            throw refused("it is empty, or longer than " + MAX_CHARS + " characters");
        }
        var words = words(query);
        if (words.isEmpty() || !BEGINNINGS.contains(words.getFirst())) {
            throw refused("it begins with none of SELECT, WITH, VALUES, FROM and TABLE");
        }
        for (var word : words) {
            if (WRITING.contains(word)) {
                throw refused("it has the word " + word + " (a column of that name is written in quotes)");
            }
        }
        int end = words.indexOf(";");
        if (end >= 0 && end < words.size() - 1) {
            throw refused("it is more than one statement");
        }
        var trimmed = query.strip();
        return trimmed.endsWith(";") ? trimmed.substring(0, trimmed.length() - 1) : trimmed;
    }

    private static FedbiomedException refused(String why) {
        return new FedbiomedException(
                ErrorCode.UNSUPPORTED, "the setting 'query' must be one statement that only reads: " + why);
    }

    /** In capitals; a semicolon is one, too. */
    private static List<String> words(String query) {
        var words = new ArrayList<String>();
        int at = 0;
        while (at < query.length()) {
            char c = query.charAt(at);
            if (c == '\'' || c == '"' || c == '`') {
                at = after(query, String.valueOf(c), at + 1);
            } else if (query.startsWith("--", at)) {
                at = after(query, "\n", at);
            } else if (query.startsWith("/*", at)) {
                at = after(query, "*/", at + 2);
            } else if (Character.isLetter(c) || c == '_') {
                int end = at;
                while (end < query.length()
                        && (Character.isLetterOrDigit(query.charAt(end)) || query.charAt(end) == '_')) {
                    end++;
                }
                words.add(query.substring(at, end).toUpperCase(Locale.ROOT));
                at = end;
            } else {
                if (c == ';') {
                    words.add(";");
                }
                at++;
            }
        }
        return words;
    }

    private static int after(String query, String end, int from) {
        int at = query.indexOf(end, from);
        return at < 0 ? query.length() : at + end.length();
    }
}
