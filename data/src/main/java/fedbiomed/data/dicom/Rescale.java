package fedbiomed.data.dicom;

import fedbiomed.data.volume.VolumeProblem;
import fedbiomed.vocabulary.FedbiomedException;

/** From stored values to those that are meant, such as Hounsfield units: {@code stored * slope + intercept} (PS3.3 C.11.1). */
public record Rescale(double slope, double intercept) {
    private static final Rescale NONE = new Rescale(1, 0);

    /** @throws FedbiomedException DATA_UNFIT if one of the two is missing or no number, or the slope 0 */
    static Rescale of(HeaderValues values, int frame, VolumeProblem problem) {
        var slope = values.text(Tags.RESCALE_SLOPE, frame);
        var intercept = values.text(Tags.RESCALE_INTERCEPT, frame);
        if (slope == null && intercept == null) {
            return NONE;
        }
        var slopes = slope == null ? null : DecimalString.parse(slope, 1);
        var intercepts = intercept == null ? null : DecimalString.parse(intercept, 1);
        if (slopes == null || intercepts == null || slopes[0] == 0) {
            throw problem.of("Rescale Slope (0028,1053) and Rescale Intercept (0028,1052) must both be numbers, and the"
                    + " slope not 0; write it again with a DICOM tool");
        }
        return new Rescale(slopes[0], intercepts[0]);
    }
}
