package fedbiomed.data.dicom;

import fedbiomed.data.volume.VolumeProblem;
import fedbiomed.vocabulary.FedbiomedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Encapsulated pixel data (PS3.5 annex A.4): a table of offsets, which may be empty, then fragments; which of them make a
 * frame.
 */
final class Fragments {
    /** More than any frame count that fits the limit of voxels needs. */
    private static final int MAX_FRAGMENTS = 1 << 20;

    private Fragments() {}

    record Fragment(long at, int bytes) {}

    /**
     * Reads the items' headers only.
     *
     * @param in at the first byte of the pixel data
     * @return each frame's fragments
     * @throws FedbiomedException DATA_UNFIT if they cannot be told apart, or do not end
     */
    static List<List<Fragment>> read(DicomInput in, int frames) throws IOException {
        var problem = in.problem();
        requireItem(in);
        var offsets = offsets(in, in.u32(), frames);
        long first = in.position();
        var fragments = new ArrayList<Fragment>();
        var starts = new ArrayList<Long>();
        while (true) {
            long start = in.position() - first;
            if (tag(in) == Tags.SEQUENCE_END) {
                break;
            }
            long length = in.u32();
            if (length > Integer.MAX_VALUE - 8 || length > in.remaining() || fragments.size() == MAX_FRAGMENTS) {
                throw damaged(problem, in);
            }
            fragments.add(new Fragment(in.position(), (int) length));
            starts.add(start);
            in.skip(length);
        }
        return byFrame(fragments, starts, offsets, frames, problem);
    }

    private static List<Long> offsets(DicomInput in, long bytes, int frames) throws IOException {
        var offsets = new ArrayList<Long>();
        if (bytes == 4L * frames) {
            for (int i = 0; i < frames && in.remaining() >= 4; i++) {
                offsets.add(in.u32());
            }
        } else {
            in.skip(bytes); // none, or one that fits nothing: decided without it
        }
        return offsets;
    }

    private static List<List<Fragment>> byFrame(
            List<Fragment> fragments, List<Long> starts, List<Long> offsets, int frames, VolumeProblem problem) {
        var result = new ArrayList<List<Fragment>>();
        if (frames == 1 && !fragments.isEmpty()) {
            return List.of(fragments);
        }
        if (fragments.size() == frames) {
            fragments.forEach(fragment -> result.add(List.of(fragment)));
            return result;
        }
        if (offsets.size() == frames) {
            int from = 0;
            for (int frame = 0; frame < frames; frame++) {
                long next = frame + 1 < frames ? offsets.get(frame + 1) : Long.MAX_VALUE;
                int to = from;
                while (to < starts.size() && starts.get(to) < next) {
                    to++;
                }
                if (to == from || !starts.get(from).equals(offsets.get(frame))) {
                    break;
                }
                result.add(fragments.subList(from, to));
                from = to;
            }
        }
        if (result.size() != frames) {
            throw problem.of("it has " + frames + " frames in " + fragments.size()
                    + " fragments and no table that tells which belong together; write it again with a DICOM tool");
        }
        return result;
    }

    private static void requireItem(DicomInput in) throws IOException {
        if (tag(in) != Tags.ITEM) {
            throw damaged(in.problem(), in);
        }
    }

    private static int tag(DicomInput in) throws IOException {
        int tag = in.u16() << 16 | in.u16();
        if (tag != Tags.ITEM && tag != Tags.SEQUENCE_END) {
            throw damaged(in.problem(), in);
        }
        return tag;
    }

    private static FedbiomedException damaged(VolumeProblem problem, DicomInput in) {
        return problem.of("the fragments of its pixel data are damaged before byte " + in.position()
                + "; copy it again from where it came");
    }
}
