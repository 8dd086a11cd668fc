package fedbiomed.data.dicom;

import fedbiomed.data.volume.VolumeProblem;
import fedbiomed.vocabulary.FedbiomedException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * What one file's header says of its pixels, and its values of {@link DicomAttribute}; nothing else of it is kept. Two
 * headers are equal if all of this is.
 *
 * @param rescales one for all frames, or one a frame
 * @param spacing mm between rows and between columns; before them, where there are several frames, between those (1 where the
 *     file does not say)
 * @param attributes those that have a value of their kind
 */
public record DicomHeader(
        TransferSyntax transferSyntax,
        PixelFormat pixels,
        List<Rescale> rescales,
        List<Double> spacing,
        Map<DicomAttribute, String> attributes) {
    public DicomHeader {
        rescales = List.copyOf(rescales);
        spacing = List.copyOf(spacing);
        attributes = Map.copyOf(attributes);
    }

    /** The attribute as a number, an age in years; empty if it is missing or of another kind. */
    public OptionalDouble number(DicomAttribute attribute) {
        return number(attribute, attributes);
    }

    static OptionalDouble number(DicomAttribute attribute, Map<DicomAttribute, String> attributes) {
        var text = attributes.get(attribute);
        var number = text == null ? null : attribute.number(text);
        return number == null ? OptionalDouble.empty() : OptionalDouble.of(number);
    }

    /** @throws FedbiomedException DATA_UNFIT naming the element */
    static DicomHeader of(DicomParser.Parsed parsed, VolumeProblem problem, long maxVoxels) {
        var values = parsed.values();
        var pixels = PixelFormat.of(values, problem, maxVoxels);
        return new DicomHeader(
                parsed.syntax(),
                pixels,
                rescales(values, pixels.frames(), problem),
                spacing(values, pixels.frames()),
                attributes(values));
    }

    private static List<Rescale> rescales(HeaderValues values, int frames, VolumeProblem problem) {
        var first = Rescale.of(values, 0, problem);
        if (!values.isInGroups(Tags.RESCALE_SLOPE) && !values.isInGroups(Tags.RESCALE_INTERCEPT)) {
            return List.of(first);
        }
        var rescales = new ArrayList<Rescale>();
        for (int frame = 0; frame < frames; frame++) {
            var rescale = Rescale.of(values, frame, problem);
            rescales.add(rescale.equals(first) ? first : rescale);
        }
        return rescales;
    }

    private static List<Double> spacing(HeaderValues values, int frames) {
        var text = values.text(Tags.PIXEL_SPACING, 0);
        var inPlane = text == null ? null : DecimalString.parse(text, 2);
        var spacing = new ArrayList<Double>();
        if (frames > 1) {
            spacing.add(frameDistance(values));
        }
        spacing.add(inPlane == null ? 1 : positive(inPlane[0]));
        spacing.add(inPlane == null ? 1 : positive(inPlane[1]));
        return spacing;
    }

    /** Of the first two frames where their places are told, else as the header says. */
    private static double frameDistance(HeaderValues values) {
        var first = PlanePosition.of(values, 0);
        var second = PlanePosition.of(values, 1);
        if (first != null && second != null && first.isParallelTo(second)) {
            double distance = Math.abs(first.along(second) - first.along(first));
            if (distance > 0) {
                return distance;
            }
        }
        var text = values.text(DicomAttribute.SPACING_BETWEEN_SLICES.tag(), 0);
        var between = text == null ? null : DecimalString.parse(text, 1);
        return between == null ? 1 : positive(between[0]);
    }

    private static double positive(double distance) {
        return distance == 0 ? 1 : Math.abs(distance);
    }

    private static Map<DicomAttribute, String> attributes(HeaderValues values) {
        var attributes = new EnumMap<DicomAttribute, String>(DicomAttribute.class);
        for (var attribute : DicomAttribute.values()) {
            var text = values.text(attribute.tag(), 0);
            if (text != null && attribute.fits(text)) {
                attributes.put(attribute, text);
            }
        }
        return attributes;
    }
}
