package fedbiomed.node.round;

import static org.assertj.core.api.Assertions.assertThat;

import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.GradientCorrection;
import fedbiomed.vocabulary.OptimizerModule;
import fedbiomed.vocabulary.TrainingArgs;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FileSizesTest {
    private static final long MODEL = 1_000_000;
    private static final long MORE = ModelFiles.METADATA_BYTES;

    private static TrainingArgs.Builder args() {
        return TrainingArgs.builder();
    }

    @Test
    void aPlainTrainingsFilesAreAsLargeAsTheModel() {
        assertThat(FileSizes.of(args().build(), MODEL)).isEqualTo(new FileSizes(MODEL + MORE, MODEL + MORE));
    }

    /** Control variate 1; momentum 1; Adam 2, with amsgrad 3; clipping none. */
    @Test
    void vectorsThatLeaveAndStayMakeRoom() {
        var scaffold = args().correction(new GradientCorrection("scaffold", Args.NONE))
                .optimizerModules(List.of(
                        new OptimizerModule("clip_norm", new Args(Map.of("max_norm", 1))),
                        new OptimizerModule("momentum", Args.NONE),
                        new OptimizerModule("adam", Args.NONE)))
                .build();
        assertThat(FileSizes.of(scaffold, MODEL))
                .isEqualTo(new FileSizes(2 * MODEL + MORE, (1 + 2 * 4) * MODEL + MORE));
        var amsgrad = args().correction(new GradientCorrection("feddyn", Args.NONE))
                .optimizerModules(List.of(new OptimizerModule("adam", new Args(Map.of("amsgrad", true)))))
                .build();
        assertThat(FileSizes.of(amsgrad, MODEL)).isEqualTo(new FileSizes(MODEL + MORE, (1 + 2 * 4) * MODEL + MORE));
    }
}
