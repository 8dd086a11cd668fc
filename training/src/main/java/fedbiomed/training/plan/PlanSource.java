package fedbiomed.training.plan;

import fedbiomed.vocabulary.Attachment;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.PlanId;
import fedbiomed.vocabulary.Sha256;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/**
 * All that a training plan is.
 *
 * @param text one Java source file in the default package, line ends as LF
 * @param attachments what its files are, in the order of their names
 */
public record PlanSource(String text, List<Attachment> attachments) {
    /** Longest plan that is accepted, in UTF-16 units: a data manager is to read it. */
    public static final int MAX_CHARS = 256 * 1024;

    /** More attachments than these no data manager looks at. */
    public static final int MAX_ATTACHMENTS = 8;

    /** Between the parts that the id covers: a byte that no UTF-8 text has, so that none looks like two. */
    private static final byte PART_END = (byte) 0xFF;

    /** A backslash with u that no other backslash escapes; the compiler refuses those that no digits follow. */
    private static final Pattern UNICODE_ESCAPE = Pattern.compile("(?<!\\\\)(?:\\\\\\\\)*+\\\\u");

    private static final Pattern PUBLIC_CLASS =
            Pattern.compile("\\bpublic\\s+(?:final\\s+)?class\\s+([A-Za-z_$][A-Za-z0-9_$]*)");

    public PlanSource {
        text = text.replace("\r\n", "\n").replace('\r', '\n');
        if (text.length() > MAX_CHARS) {
            throw new FedbiomedException(
                    ErrorCode.PLAN_INVALID,
                    "the plan has " + text.length() + " characters; at most " + MAX_CHARS
                            + " are accepted, so that a data manager can read it");
        }
        attachments = attachments.stream()
                .sorted(Comparator.comparing(Attachment::name))
                .toList();
        if (attachments.size() > MAX_ATTACHMENTS) {
            throw new FedbiomedException(
                    ErrorCode.PLAN_INVALID,
                    "the plan has " + attachments.size() + " attachments; at most " + MAX_ATTACHMENTS
                            + " are accepted");
        }
        for (int i = 1; i < attachments.size(); i++) {
            if (attachments.get(i).name().equals(attachments.get(i - 1).name())) {
                throw new FedbiomedException(
                        ErrorCode.PLAN_INVALID,
                        "the plan has two attachments named '"
                                + attachments.get(i).name() + "'; rename one");
            }
        }
    }

    /** A plan without attachments. */
    public PlanSource(String text) {
        this(text, List.of());
    }

    /** The same text with these attachments. */
    public PlanSource with(List<Attachment> files) {
        return new PlanSource(text, files);
    }

    /** The text alone. @throws FedbiomedException {@code PLAN_INVALID} naming the file, where it is missing, unreadable or not UTF-8 */
    public static PlanSource read(Path file) {
        try {
            if (Files.size(file) > 4L * MAX_CHARS) {
                throw new FedbiomedException(
                        ErrorCode.PLAN_INVALID,
                        "the plan " + file + " has " + Files.size(file) + " bytes; at most " + MAX_CHARS
                                + " characters are accepted, so that a data manager can read it");
            }
            return new PlanSource(Files.readString(file));
        } catch (CharacterCodingException e) {
            throw new FedbiomedException(
                    ErrorCode.PLAN_INVALID, "the plan " + file + " is not UTF-8 text; save it as UTF-8", e);
        } catch (IOException e) {
            throw new FedbiomedException(
                    ErrorCode.PLAN_INVALID,
                    "cannot read the plan " + file + " (" + e.getClass().getSimpleName()
                            + "); give the path of a Java source file",
                    e);
        }
    }

    /**
     * That the compiler reads what a person reads. It takes {@code \\u000a} for a line end wherever it stands, also in what
     * looks like a comment (JLS 3.3).
     *
     * @throws FedbiomedException {@code PLAN_INVALID} naming the line of a Unicode escape
     */
    public void requireReadable() {
        var lines = text.split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            if (UNICODE_ESCAPE.matcher(lines[i]).find()) {
                throw new FedbiomedException(
                        ErrorCode.PLAN_INVALID,
                        "line " + (i + 1)
                                + " of the plan has a Unicode escape (a backslash and u), which can make code look"
                                + " like a comment; write the character itself");
            }
        }
    }

    /** Of a plan without attachments the SHA-256 of its text; else of the text and each attachment's name and hash. */
    public PlanId id() {
        var digest = Sha256.digest();
        digest.update(text.getBytes(StandardCharsets.UTF_8));
        for (var attachment : attachments) {
            digest.update(PART_END);
            digest.update(attachment.name().getBytes(StandardCharsets.UTF_8));
            digest.update(PART_END);
            digest.update(attachment.sha256().getBytes(StandardCharsets.UTF_8));
        }
        return new PlanId(Sha256.hex(digest.digest()));
    }

    /** What the attachments fill together; {@link Long#MAX_VALUE} where that is no number of bytes. */
    public long attachmentBytes() {
        long sum = 0;
        for (var attachment : attachments) {
            sum = sum + attachment.sizeBytes() < 0 ? Long.MAX_VALUE : sum + attachment.sizeBytes();
        }
        return sum;
    }

    /** Whether it brings a network as TorchScript: only by the name of that class, which it cannot spell otherwise. */
    public boolean namesTorchScript() {
        return text.contains("TorchScriptPlan");
    }

    /** Name of the public class, which names the plan to people. @throws FedbiomedException if there is none */
    public String className() {
        var matcher = PUBLIC_CLASS.matcher(text);
        if (!matcher.find()) {
            throw new FedbiomedException(
                    ErrorCode.PLAN_INVALID,
                    "the plan has no public class; write e.g. 'public class HeartPlan extends SgdClassifier { ... }'");
        }
        return matcher.group(1);
    }
}
