package fedbiomed.training;

import fedbiomed.training.plan.PlanGuard;
import fedbiomed.vocabulary.Args;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What an engine is made for.
 *
 * @param data the plan's declaration
 * @param modelArgs the experiment's {@code model_args}
 * @param optimizerArgs the experiment's {@code optimizer_args}
 * @param seed of the model's initial values and of whatever is drawn while training
 * @param round the round that is trained, from 1; 0 where nothing is trained
 * @param sharePersistentBuffers whether buffers (running means of batch normalisation) are among the parameters that
 *     leave the node
 * @param useGpu whether to compute on a GPU where the engine can and there is one
 * @param attachments folder of the plan's attachments; {@code null} where there are none
 * @param guard calls into the plan's hooks go through it
 */
public record EngineSettings(
        DataDeclaration data,
        Args modelArgs,
        Args optimizerArgs,
        long seed,
        int round,
        boolean sharePersistentBuffers,
        boolean useGpu,
        @Nullable Path attachments,
        PlanGuard guard) {}
