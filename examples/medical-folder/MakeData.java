import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;

/**
 * Writes FOLDER/hospital-a and FOLDER/hospital-b, two BIDS folders of 24 and 25 subjects: an image (T1w) with one bright
 * lesion in noise, its mask (dseg), and participants.tsv. Synthetic, made from nothing but this program (seed 14): nobody's
 * scans. The hospitals' scanners differ in voxel size, in the order and direction of the axes, and in brightness, and
 * hospital b has not yet drawn one subject's mask.
 *
 * <p>Run it with the Java that runs Fed-BioMed: {@code java MakeData.java FOLDER}
 */
public class MakeData {
    /** Edge of the cube that is scanned, mm. */
    private static final double EDGE = 32;

    /**
     * @param voxels along each axis as it is stored, i fastest
     * @param runs to which side of the patient each stored axis runs: 1, 2, 3 to the right, the front and upwards; negative
     *     against it
     */
    private record Scanner(String hospital, int subjects, int[] voxels, int[] runs, double brightness, double noise) {}

    /** A lesion is an ellipsoid, in mm from the cube's corner at the left, the back and below. */
    private record Lesion(double[] centre, double[] radii) {
        static Lesion drawn(SplittableRandom random) {
            var centre = new double[3];
            var radii = new double[3];
            for (int axis = 0; axis < 3; axis++) {
                centre[axis] = random.nextDouble(10, EDGE - 10);
                radii[axis] = random.nextDouble(5, 9);
            }
            return new Lesion(centre, radii);
        }

        boolean holds(double[] place) {
            double sum = 0;
            for (int axis = 0; axis < 3; axis++) {
                double distance = (place[axis] - centre[axis]) / radii[axis];
                sum += distance * distance;
            }
            return sum <= 1;
        }
    }

    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 1) {
            System.err.println("usage: java MakeData.java FOLDER");
            System.exit(2);
        }
        var root = Path.of(arguments[0]);
        write(root, new Scanner("hospital-a", 24, new int[] {20, 20, 20}, new int[] {1, 2, 3}, 900, 150));
        write(root, new Scanner("hospital-b", 25, new int[] {16, 20, 16}, new int[] {-2, -3, 1}, 300, 70));
    }

    private static void write(Path root, Scanner scanner) throws IOException {
        var random = new SplittableRandom(14 + scanner.hospital().hashCode());
        var folder = Files.createDirectories(root.resolve(scanner.hospital()));
        Files.writeString(
                folder.resolve("dataset_description.json"), "{\"Name\": \"synthetic\", \"BIDSVersion\": \"1.10.0\"}\n");
        var participants = new StringBuilder("participant_id\tage\tsex\n");
        for (int subject = 1; subject <= scanner.subjects(); subject++) {
            var name = String.format("sub-%02d", subject);
            participants
                    .append(name)
                    .append('\t')
                    .append(random.nextInt(18, 90))
                    .append(random.nextBoolean() ? "\tF\n" : "\tM\n");
            var lesion = Lesion.drawn(random);
            var anat = Files.createDirectories(folder.resolve(name).resolve("anat"));
            save(anat.resolve(name + "_T1w.nii.gz"), scanner, lesion, random);
            if (!(scanner.hospital().equals("hospital-b") && subject == 7)) {
                save(anat.resolve(name + "_dseg.nii.gz"), scanner, lesion, null);
            }
        }
        Files.writeString(folder.resolve("participants.tsv"), participants);
    }

    /** A NIfTI-1 file of 16-bit integers (https://nifti.nimh.nih.gov/nifti-1). @param noise null for the mask */
    private static void save(Path file, Scanner scanner, Lesion lesion, SplittableRandom noise) throws IOException {
        var voxels = scanner.voxels();
        int count = voxels[0] * voxels[1] * voxels[2];
        var bytes = ByteBuffer.allocate(352 + 2 * count).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(0, 348).putShort(40, (short) 3); // header's size, number of axes
        bytes.putShort(70, (short) 4).putShort(72, (short) 16); // int16, bits
        bytes.putFloat(108, 352).putFloat(112, 1).put(123, (byte) 2); // where voxels start, slope, mm
        bytes.putShort(254, (short) 1); // the sform says where voxels are
        for (int axis = 0; axis < 3; axis++) {
            double step = EDGE / voxels[axis];
            bytes.putShort(42 + 2 * axis, (short) voxels[axis]).putFloat(80 + 4 * axis, (float) step);
            int side = Math.abs(scanner.runs()[axis]) - 1;
            boolean against = scanner.runs()[axis] < 0;
            bytes.putFloat(280 + 16 * side + 4 * axis, (float) (against ? -step : step));
            bytes.putFloat(280 + 16 * side + 12, (float) (against ? EDGE - step / 2 : step / 2));
        }
        bytes.put(344, new byte[] {'n', '+', '1', 0});
        var place = new double[3];
        for (int k = 0, at = 352; k < voxels[2]; k++) {
            for (int j = 0; j < voxels[1]; j++) {
                for (int i = 0; i < voxels[0]; i++, at += 2) {
                    int[] index = {i, j, k};
                    for (int axis = 0; axis < 3; axis++) {
                        double along = (index[axis] + 0.5) * EDGE / voxels[axis];
                        int side = Math.abs(scanner.runs()[axis]) - 1;
                        place[side] = scanner.runs()[axis] < 0 ? EDGE - along : along;
                    }
                    boolean inside = lesion.holds(place);
                    double value = noise == null
                            ? (inside ? 1 : 0)
                            : 400 + (inside ? scanner.brightness() : 0) + scanner.noise() * noise.nextGaussian();
                    bytes.putShort(at, (short) Math.round(value));
                }
            }
        }
        try (var out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(bytes.array());
        }
    }
}
