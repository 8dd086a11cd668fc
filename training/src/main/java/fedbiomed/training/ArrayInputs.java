package fedbiomed.training;

import static fedbiomed.training.DeclarationProblem.requireDistinct;
import static fedbiomed.training.DeclarationProblem.requireThat;

import fedbiomed.data.tensors.TensorFile;
import fedbiomed.data.transform.Augmentation;
import fedbiomed.data.transform.Resize;
import fedbiomed.data.transform.Transform;
import fedbiomed.vocabulary.Text;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** What a plan says of arrays and of what is done to their samples, until it has said all of it. */
final class ArrayInputs {
    private final List<String> names = new ArrayList<>();
    private final List<List<Long>> shapes = new ArrayList<>();
    private final List<Step> steps = new ArrayList<>();

    /** @param made after the plan has returned: what it gave is looked at then */
    private record Step(String array, String verb, Supplier<List<? extends Transform>> made) {}

    /** @param targetSteps by the target's name */
    record Built(List<ArrayInput> inputs, Map<String, List<Transform>> targetSteps) {}

    void input(String array, long[] shape) {
        names.add(array);
        shapes.add(LongStream.of(shape).boxed().toList());
    }

    void step(String array, String verb, Supplier<List<? extends Transform>> made) {
        steps.add(new Step(array, verb, made));
    }

    List<String> names() {
        return names;
    }

    boolean isEmpty() {
        return names.isEmpty() && steps.isEmpty();
    }

    /**
     * @param labels the target of which every sample has one class or value; {@code null}: there is none
     * @param mask the target whose elements are classes; {@code null}: there is none
     * @throws fedbiomed.vocabulary.FedbiomedException {@code PLAN_INVALID}
     */
    Built build(List<String> targets, @Nullable String labels, @Nullable String mask) {
        requireThat(!names.isEmpty(), "names no input; write e.g. .input(\"image\")");
        int arrays = names.size() + targets.size();
        requireThat(
                arrays <= TensorFile.MAX_ARRAYS,
                "names " + arrays + " arrays; at most " + TensorFile.MAX_ARRAYS + " are allowed");
        requireDistinct("input", names);
        var made = made(targets, labels, mask);
        var inputs = new ArrayList<ArrayInput>();
        for (int i = 0; i < names.size(); i++) {
            inputs.add(input(names.get(i), shapes.get(i), made.getOrDefault(names.get(i), List.of())));
        }
        var ofTargets = new HashMap<>(made);
        names.forEach(ofTargets::remove);
        if (mask != null) {
            follow(mask, inputs, ofTargets);
        }
        return new Built(inputs, ofTargets);
    }

    private static ArrayInput input(String name, List<Long> shape, List<Transform> steps) {
        requireThat(
                shape.stream().allMatch(size -> size > 0),
                "gives the input '" + Text.shown(name) + "' the shape " + shape + "; every size is at least 1");
        var input = new ArrayInput(name, shape, steps);
        try {
            input.preparedShape();
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw DeclarationProblem.of("names the array '" + Text.shown(name) + "', which " + e.getMessage());
        }
        return input;
    }

    private Map<String, List<Transform>> made(List<String> targets, @Nullable String labels, @Nullable String mask) {
        var made = new HashMap<String, List<Transform>>();
        for (var step : steps) {
            var what = step.verb + " '" + Text.shown(step.array) + "', ";
            boolean input = names.contains(step.array);
            requireThat(
                    input || targets.contains(step.array),
                    what + "which is neither input nor target; name it in .input(...)");
            requireThat(!step.array.equals(labels), what + "which is one class or value a sample; leave it out");
            for (var transform : step.made.get()) {
                if (transform instanceof Augmentation augmentation) {
                    augmentation.requireSound();
                    requireThat(input, what + "a target; a mask follows its image by itself");
                }
                if (step.array.equals(mask)) {
                    requireThat(transform instanceof Resize, what + "a mask of classes, which can only be resized");
                }
                var before = made.computeIfAbsent(step.array, _ -> new ArrayList<>());
                requireThat(
                        !(transform instanceof Resize) || before.stream().noneMatch(Augmentation.class::isInstance),
                        what + "after it is augmented; write .resize(...) before .augment(...)");
                before.add(
                        transform instanceof Resize resize && step.array.equals(mask)
                                ? new Resize(resize.sizes(), true)
                                : transform);
            }
        }
        return made;
    }

    /** A mask is flipped, turned and shifted as the images are. */
    private static void follow(String mask, List<ArrayInput> inputs, Map<String, List<Transform>> ofTargets) {
        var geometric = inputs.stream()
                .map(input -> geometric(input.steps()))
                .filter(moves -> !moves.isEmpty())
                .distinct()
                .toList();
        requireThat(
                geometric.size() <= 1,
                "flips, turns or shifts its inputs differently, so that the mask '" + Text.shown(mask)
                        + "' can follow none of them; augment them alike");
        if (!geometric.isEmpty()) {
            var followed = new ArrayList<>(ofTargets.getOrDefault(mask, List.of()));
            followed.addAll(geometric.getFirst());
            ofTargets.put(mask, followed);
        }
    }

    static List<Transform> geometric(List<Transform> steps) {
        return steps.stream()
                .filter(step -> step instanceof Augmentation augmentation && augmentation.isGeometric())
                .toList();
    }
}
