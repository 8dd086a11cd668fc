package fedbiomed.node.command;

import fedbiomed.data.DatasetKind;
import fedbiomed.data.DatasetKinds;
import fedbiomed.data.KindGuess;
import fedbiomed.data.loading.LoadingPlan;
import fedbiomed.node.registry.DatasetNames;
import fedbiomed.protocol.command.Dialogue;
import fedbiomed.vocabulary.FedbiomedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Asks the data manager for what a command line has left out about a dataset. */
record DatasetQuestions(Dialogue dialogue) {
    Path path() {
        return dialogue.ask("Path of the file or folder", null, answer -> {
            Path path;
            try {
                path = Path.of(
                        answer.startsWith("~/") ? System.getProperty("user.home") + answer.substring(1) : answer);
            } catch (InvalidPathException e) {
                throw new IllegalArgumentException("that is no path", e);
            }
            if (answer.isEmpty() || !Files.exists(path)) {
                throw new IllegalArgumentException("there is no such file or folder; give its path");
            }
            return path;
        });
    }

    String kind(Path path) {
        var guess = KindGuess.of(path);
        guess.ifPresent(kind -> dialogue.say("It looks like '" + kind.name() + "': " + kind.explanation() + "."));
        var known = String.join(
                ", ", DatasetKinds.all().stream().map(DatasetKind::name).toList());
        return dialogue.ask(
                "Kind (" + known + ")",
                guess.map(DatasetKind::name).orElse(null),
                answer -> checked(() -> DatasetKinds.get(answer).name()));
    }

    String name(Path path) {
        var file = String.valueOf(path.getFileName());
        int dot = file.indexOf('.', 1);
        return dialogue.ask("Name, by which people call it", dot < 0 ? file : file.substring(0, dot), answer -> {
            require(name -> DatasetNames.requireShowable(name, List.of(), ""), answer);
            return answer;
        });
    }

    List<String> tags() {
        return dialogue.ask("Tags, by which researchers find it, separated by commas", "", answer -> {
            var tags = List.of(answer.split("\\s*,\\s*")).stream()
                    .filter(tag -> !tag.isEmpty())
                    .toList();
            require(_ -> DatasetNames.requireShowable("name", tags, ""), answer);
            return tags;
        });
    }

    String description() {
        return dialogue.ask("Description, for researchers (may be empty)", "", answer -> {
            require(text -> DatasetNames.requireShowable("name", List.of(), text), answer);
            return answer;
        });
    }

    /** {@code null} for none; not asked where none is saved. */
    @Nullable
    String loadingPlan(List<LoadingPlan> saved) {
        if (saved.isEmpty()) {
            return null;
        }
        var names = saved.stream().map(LoadingPlan::name).toList();
        Function<String, String> reading = answer -> {
            if (!answer.isEmpty() && !names.contains(answer)) {
                throw new IllegalArgumentException("there is no loading plan of that name");
            }
            return answer;
        };
        var chosen =
                dialogue.ask("Loading plan (empty for none; saved: " + String.join(", ", names) + ")", "", reading);
        return chosen.isEmpty() ? null : chosen;
    }

    private static void require(Consumer<String> rule, String answer) {
        checked(() -> {
            rule.accept(answer);
            return answer;
        });
    }

    /** What is wrong as a {@link Dialogue} has it said. */
    private static <T> T checked(Supplier<T> check) {
        try {
            return check.get();
        } catch (FedbiomedException e) {
            throw new IllegalArgumentException(e.text(), e);
        }
    }
}
