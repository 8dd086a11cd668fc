package fedbiomed.data.medical;

import fedbiomed.data.nifti.NiftiFile;
import fedbiomed.data.nifti.NiftiHeader;
import fedbiomed.data.volume.Orientation;
import fedbiomed.data.volume.Volume;
import fedbiomed.data.volume.VolumeArray;
import fedbiomed.data.volume.VolumeProblem;
import fedbiomed.data.volume.VolumeTransforms;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * NIfTI images {@code [z, y, x]}, from inferior to superior, posterior to anterior, left to right, with channels behind where
 * the image has a fourth axis: nibabel's {@code as_closest_canonical}, its axes reversed. Spacing is in mm, and that of the
 * affine.
 */
final class StandardNifti {
    private static final int PLACES = 3;

    private StandardNifti() {}

    /** Those of a dataset. */
    static VolumeArray.Reader in(Path folder) {
        return new VolumeArray.Reader() {
            @Override
            public Volume read(String file) {
                return StandardNifti.read(folder.resolve(file));
            }

            @Override
            public long voxels(String file) {
                return NiftiFile.open(folder.resolve(file), VolumeTransforms.MAX_VOXELS)
                        .voxels();
            }
        };
    }

    /** @throws fedbiomed.vocabulary.FedbiomedException as {@link NiftiFile#open}; DATA_UNFIT if it has no orientation */
    static Volume read(Path path) {
        var problem = new VolumeProblem(path);
        var file = NiftiFile.open(path, VolumeTransforms.MAX_VOXELS);
        var header = file.header();
        var directions = directions(header);
        var orientation = Orientation.of(directions);
        if (orientation == null) {
            throw problem.of("its affine (sform or qform) has not three directions, so that nobody can tell left from"
                    + " right; correct its header, or leave the file out");
        }
        var shape = shape(file.shape(), problem);
        double millimetres = switch (header.spatialUnit()) {
            case "m" -> 1000;
            case "um" -> 0.001;
            default -> 1;
        };
        var spacing = new double[shape.length];
        Arrays.fill(spacing, 1);
        for (int axis = 0; axis < PLACES; axis++) {
            spacing[axis] = Orientation.length(directions, axis) * millimetres;
        }
        return orientation.toStandard(new Volume(file.read().values(), shape, spacing));
    }

    /**
     * The grid of an image, once it is turned.
     *
     * @param numbers its sizes, and where its first and its last voxel lie, in the header's unit; none without orientation
     */
    record Grid(List<Double> numbers) {
        /** What places may differ by: they are kept as float32, and written by many programs; mm. */
        private static final double TOLERANCE = 0.1;

        /** @throws fedbiomed.vocabulary.FedbiomedException as {@link NiftiFile#open} */
        static Grid of(Path path) {
            var file = NiftiFile.open(path, VolumeTransforms.MAX_VOXELS);
            var shape = Arrays.copyOf(shape(file.shape(), new VolumeProblem(path)), PLACES);
            var orientation = Orientation.of(directions(file.header()));
            var numbers = new ArrayList<Double>();
            if (orientation != null) {
                for (int size : orientation.standardShape(shape)) {
                    numbers.add((double) size);
                }
                for (boolean last : new boolean[] {false, true}) {
                    var index = orientation.corner(shape, last);
                    for (int row = 0; row < PLACES; row++) {
                        double place = file.header().affine().get(4 * row + PLACES);
                        for (int axis = 0; axis < PLACES; axis++) {
                            place += file.header().affine().get(4 * row + axis) * index[axis];
                        }
                        numbers.add(place);
                    }
                }
            }
            return new Grid(numbers);
        }

        boolean isThatOf(Grid other) {
            if (numbers.size() != other.numbers.size()) {
                return false;
            }
            for (int i = 0; i < numbers.size(); i++) {
                if (!(Math.abs(numbers.get(i) - other.numbers.get(i)) <= TOLERANCE)) {
                    return false;
                }
            }
            return true;
        }
    }

    private static double[][] directions(NiftiHeader header) {
        var directions = new double[PLACES][PLACES];
        for (int row = 0; row < PLACES; row++) {
            for (int column = 0; column < PLACES; column++) {
                directions[row][column] = header.affine().get(4 * row + column);
            }
        }
        return directions;
    }

    /** Three axes, and channels where one of the further axes has more than one index. */
    private static int[] shape(int[] stored, VolumeProblem problem) {
        var shape = new int[PLACES + 1];
        Arrays.fill(shape, 1);
        for (int axis = 0; axis < stored.length; axis++) {
            if (axis < PLACES) {
                shape[axis] = stored[axis];
            } else if (stored[axis] > 1) {
                if (shape[PLACES] > 1) {
                    throw problem.of(
                            "it has " + stored.length + " axes, of which more than one is beyond the first three;"
                                    + " cut it into images of three or four");
                }
                shape[PLACES] = stored[axis];
            }
        }
        return shape[PLACES] == 1 ? Arrays.copyOf(shape, PLACES) : shape;
    }
}
