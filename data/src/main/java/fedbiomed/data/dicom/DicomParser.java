package fedbiomed.data.dicom;

import fedbiomed.data.volume.VolumeProblem;
import fedbiomed.vocabulary.FedbiomedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;

/**
 * Walks through a file's data elements (PS3.5 section 7) up to its pixel data and hands on the values of those that are
 * read ({@link Tags}). All others are passed over: by their length where they have one; where they have none (a sequence
 * with delimiters), element by element, not more than {@link #MAX_DEPTH} deep.
 */
final class DicomParser {
    /** Sequences within each other. Structured reports nest some ten deep, images two or three. */
    static final int MAX_DEPTH = 32;
    /** Longest value that is read: the longest of PS3.5 that is of use here has 16 codes of 16 characters. */
    static final int MAX_VALUE_BYTES = 1024;

    private static final int PREAMBLE_BYTES = 128;
    private static final long UNDEFINED = 0xFFFFFFFFL;
    private static final int SQ = 'S' << 8 | 'Q';
    private static final int UN = 'U' << 8 | 'N';
    private static final int OB = 'O' << 8 | 'B';
    private static final int OW = 'O' << 8 | 'W';
    /** The representations whose length has four bytes, after two that are reserved (PS3.5 table 7.1-1). */
    private static final Set<Integer> LONG = Set.of(
            OB,
            OW,
            'O' << 8 | 'D',
            'O' << 8 | 'F',
            'O' << 8 | 'L',
            'O' << 8 | 'V',
            SQ,
            'S' << 8 | 'V',
            'U' << 8 | 'C',
            UN,
            'U' << 8 | 'R',
            'U' << 8 | 'T',
            'U' << 8 | 'V');

    private final DicomInput in;
    private final VolumeProblem problem;
    private final HeaderValues values = new HeaderValues();

    private DicomParser(DicomInput in) {
        this.in = in;
        this.problem = in.problem();
    }

    private record Element(int tag, int vr, long length) {
        boolean isUndefined() {
            return length == UNDEFINED;
        }
    }

    /**
     * What of an item's place matters.
     *
     * @param group the functional groups sequence around it, or 0
     * @param frame which of that sequence's items
     * @param parent the innermost sequence
     */
    private record Place(int group, int frame, int parent) {}

    /**
     * @param pixelDataAt where the value of the pixel data starts
     * @param pixelDataBytes its length; -1 if it is in fragments
     */
    record Parsed(TransferSyntax syntax, HeaderValues values, long pixelDataAt, long pixelDataBytes) {}

    /** Leaves {@code in} at the first byte of the pixel data. @throws FedbiomedException DATA_UNFIT, with the place */
    static Parsed parse(DicomInput in) throws IOException {
        return new DicomParser(in).parse();
    }

    private Parsed parse() throws IOException {
        var syntax = fileMeta();
        boolean explicit = syntax.isExplicit();
        while (in.remaining() >= 8) {
            var element = next(explicit);
            switch (element.tag) {
                case Tags.PIXEL_DATA -> {
                    return new Parsed(syntax, values, in.position(), element.isUndefined() ? -1 : element.length);
                }
                case Tags.FLOAT_PIXEL_DATA, Tags.DOUBLE_FLOAT_PIXEL_DATA ->
                    throw problem.of("its pixels are floating-point numbers (Float Pixel Data), which are not read;"
                            + " convert it to integers with a rescale slope, or to NIfTI");
                case Tags.MODALITY_LUT_SEQUENCE ->
                    throw problem.of("its values go through a table (Modality LUT Sequence), which is not read;"
                            + " convert it to a rescale slope and intercept, or to NIfTI");
                default -> topLevel(element, explicit);
            }
        }
        throw problem.of("it holds no image (no Pixel Data): a report, a plan or a directory; leave it out");
    }

    /** Preamble and group 2, which is in Explicit VR Little Endian whatever follows (PS3.10 section 7.1). */
    private TransferSyntax fileMeta() throws IOException {
        if (in.remaining() < PREAMBLE_BYTES + 4) {
            throw noDicom();
        }
        in.skip(PREAMBLE_BYTES);
        if (!Arrays.equals(in.bytes(4), "DICM".getBytes(StandardCharsets.US_ASCII))) {
            throw noDicom();
        }
        String uid = null;
        while (in.remaining() >= 8 && in.peekU16() == 2) {
            var element = next(true);
            if (element.tag == Tags.TRANSFER_SYNTAX_UID && element.length <= 64) {
                uid = HeaderValues.text(in.bytes((int) element.length));
            } else if (element.isUndefined()) {
                throw damaged();
            } else {
                in.skip(element.length);
            }
        }
        if (uid == null) {
            throw problem.of(
                    "its file meta information names no Transfer Syntax UID; write it again with a DICOM tool");
        }
        return TransferSyntax.of(uid, problem);
    }

    private FedbiomedException noDicom() {
        return problem.of(
                "it is no DICOM file (128 bytes and then 'DICM', PS3.10); leave it out, or write it again with a"
                        + " DICOM tool");
    }

    private FedbiomedException damaged() {
        return problem.of(
                "its data elements are damaged before byte " + in.position() + "; copy it again from where it came");
    }

    private Element next(boolean explicit) throws IOException {
        int tag = in.u16() << 16 | in.u16();
        if (!explicit || tag >>> 16 == 0xFFFE) {
            return new Element(tag, 0, in.u32());
        }
        var letters = in.bytes(2);
        int vr = letters[0] << 8 | letters[1];
        if (letters[0] < 'A' || letters[0] > 'Z' || letters[1] < 'A' || letters[1] > 'Z') {
            throw damaged();
        }
        if (!LONG.contains(vr)) {
            return new Element(tag, vr, in.u16());
        }
        in.skip(2);
        return new Element(tag, vr, in.u32());
    }

    private void topLevel(Element element, boolean explicit) throws IOException {
        int tag = element.tag;
        if (tag == Tags.SHARED_FUNCTIONAL_GROUPS || tag == Tags.PER_FRAME_FUNCTIONAL_GROUPS) {
            sequence(element, explicit, 1, new Place(tag, -1, tag));
        } else if (Tags.READ.contains(tag) && !element.isUndefined() && element.length <= MAX_VALUE_BYTES) {
            values.put(tag, in.bytes((int) element.length));
        } else {
            pass(element, explicit, 1, new Place(0, 0, tag));
        }
    }

    private void pass(Element element, boolean explicit, int depth, Place place) throws IOException {
        if (!element.isUndefined()) {
            in.skip(element.length);
        } else if (explicit && element.vr != SQ && element.vr != UN && element.vr != OB && element.vr != OW) {
            throw damaged();
        } else {
            sequence(element, explicit, depth, place); // or fragments of an icon's pixels, which are items as well
        }
    }

    private void sequence(Element sequence, boolean explicitAround, int depth, Place place) throws IOException {
        // one of unknown representation is in implicit VR (PS3.5 section 6.2.2)
        boolean explicit = explicitAround && sequence.vr != UN;
        if (depth > MAX_DEPTH) {
            throw problem.of("sequences are nested more than " + MAX_DEPTH + " deep before byte " + in.position()
                    + "; it is damaged or made to harm: leave it out");
        }
        long end = end(sequence);
        for (int item = 0; in.position() < end; item++) {
            var element = next(explicit);
            if (element.tag == Tags.SEQUENCE_END && sequence.isUndefined()) {
                return;
            }
            boolean outermost = place.group != 0 && place.parent == place.group;
            if (element.tag != Tags.ITEM || outermost && item == PixelFormat.MAX_FRAMES) {
                throw damaged();
            }
            item(element, explicit, depth, outermost ? new Place(place.group, item, place.parent) : place);
        }
        if (in.position() != end || sequence.isUndefined()) {
            throw damaged();
        }
    }

    /** Where an element must end; for one of undefined length the file's end, which its delimiter must come before. */
    private long end(Element element) {
        if (element.isUndefined()) {
            return in.position() + in.remaining();
        }
        if (element.length > in.remaining()) {
            throw damaged();
        }
        return in.position() + element.length;
    }

    private void item(Element item, boolean explicit, int depth, Place place) throws IOException {
        if (place.group == 0 && !item.isUndefined()) {
            in.skip(item.length);
            return;
        }
        long end = end(item);
        while (in.position() < end) {
            var element = next(explicit);
            if (element.tag == Tags.ITEM_END && item.isUndefined()) {
                return;
            }
            if (element.tag >>> 16 == 0xFFFE) {
                throw damaged();
            }
            inItem(element, explicit, depth, place);
        }
        if (in.position() != end || item.isUndefined()) {
            throw damaged();
        }
    }

    private void inItem(Element element, boolean explicit, int depth, Place place) throws IOException {
        int tag = element.tag;
        if (place.group != 0 && place.parent == place.group && Tags.isGroupSequence(tag)) {
            sequence(element, explicit, depth + 1, new Place(place.group, place.frame, tag));
        } else if (place.group != 0
                && Tags.isReadInGroup(place.parent, tag)
                && !element.isUndefined()
                && element.length <= MAX_VALUE_BYTES) {
            values.putInGroup(
                    place.group == Tags.PER_FRAME_FUNCTIONAL_GROUPS ? place.frame : HeaderValues.SHARED,
                    tag,
                    in.bytes((int) element.length));
        } else {
            pass(element, explicit, depth + 1, new Place(0, 0, tag));
        }
    }
}
