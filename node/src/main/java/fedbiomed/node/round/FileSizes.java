package fedbiomed.node.round;

import fedbiomed.training.optimizer.Corrections;
import fedbiomed.training.optimizer.GradientChain;
import fedbiomed.training.optimizer.OptimizerModules;
import fedbiomed.vocabulary.TrainingArgs;

/**
 * How large a training's files may be, in bytes, measured by the model that came.
 *
 * @param trained the model that leaves, with the vectors of the request's correction
 * @param state what stays: local parts, and a vector for each that the correction and the optimizer's modules remember.
 *     A vector is of the model's floating tensors, in binary32 at least: twice the size of binary16's
 */
record FileSizes(long trained, long state) {
    private static final int WIDENED = 2;

    /** Of one file, whatever a request asks for. */
    static long largest(long largestModel) {
        return largestModel * (1 + WIDENED * (1 + OptimizerModules.MAX_KEPT_VECTORS)) + ModelFiles.METADATA_BYTES;
    }

    static FileSizes of(TrainingArgs args, long modelBytes) {
        return new FileSizes(
                modelBytes * (1 + Corrections.leaving(args.correction()).size()) + ModelFiles.METADATA_BYTES,
                modelBytes * (1 + WIDENED * GradientChain.keptVectors(args)) + ModelFiles.METADATA_BYTES);
    }
}
