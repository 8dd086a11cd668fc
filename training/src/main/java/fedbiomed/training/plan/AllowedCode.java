package fedbiomed.training.plan;

import java.util.Map;
import java.util.Set;

/**
 * What a plan may name, besides its own classes. Names are internal ones ({@code java/util/List}). What is not here is
 * refused: a new JDK's classes, and new ones of ours, are not allowed by forgetting them.
 */
final class AllowedCode {
    /** All public classes of these packages (not of packages below them). */
    private static final Set<String> PACKAGES = Set.of(
            "fedbiomed/training/linear/",
            "fedbiomed/training/torch/",
            "java/util/",
            "java/util/function/",
            "java/util/stream/",
            "java/util/regex/",
            "java/util/random/",
            "java/math/",
            "java/time/");

    private static final Set<String> CLASSES = Set.of(
            "fedbiomed/training/PlanFiles",
            "fedbiomed/training/SampleReader",
            "fedbiomed/training/TrainingPlan",
            "fedbiomed/training/TrainingData",
            "fedbiomed/training/DatasetView",
            "fedbiomed/data/transform/Augmentation",
            "fedbiomed/data/preprocessing/Imputation",
            "fedbiomed/data/preprocessing/StatisticsSource",
            "fedbiomed/vocabulary/Args",
            "java/io/Serializable",
            "java/io/UncheckedIOException",
            "java/io/IOException",
            "java/lang/Appendable",
            "java/lang/ArithmeticException",
            "java/lang/ArrayIndexOutOfBoundsException",
            "java/lang/ArrayStoreException",
            "java/lang/AssertionError",
            "java/lang/AutoCloseable",
            "java/lang/Boolean",
            "java/lang/Byte",
            "java/lang/CharSequence",
            "java/lang/Character",
            "java/lang/ClassCastException",
            "java/lang/CloneNotSupportedException",
            "java/lang/Cloneable",
            "java/lang/Comparable",
            "java/lang/Deprecated",
            "java/lang/Double",
            "java/lang/Enum",
            "java/lang/Error",
            "java/lang/Exception",
            "java/lang/Float",
            "java/lang/FunctionalInterface",
            "java/lang/IllegalArgumentException",
            "java/lang/IllegalStateException",
            "java/lang/IndexOutOfBoundsException",
            "java/lang/Integer",
            "java/lang/Iterable",
            "java/lang/Long",
            "java/lang/MatchException",
            "java/lang/Math",
            "java/lang/NegativeArraySizeException",
            "java/lang/NoSuchFieldError",
            "java/lang/NullPointerException",
            "java/lang/Number",
            "java/lang/NumberFormatException",
            "java/lang/Object",
            "java/lang/OutOfMemoryError",
            "java/lang/Override",
            "java/lang/Record",
            "java/lang/Runnable",
            "java/lang/RuntimeException",
            "java/lang/SafeVarargs",
            "java/lang/Short",
            "java/lang/StackOverflowError",
            "java/lang/StrictMath",
            "java/lang/String",
            "java/lang/StringBuilder",
            "java/lang/StringBuffer",
            "java/lang/StringIndexOutOfBoundsException",
            "java/lang/SuppressWarnings",
            "java/lang/Throwable",
            "java/lang/UnsupportedOperationException",
            "java/lang/Void",
            // javac names them beside lambdas, concatenations, records and switches; they have no allowed member
            "java/lang/invoke/MethodHandle",
            "java/lang/invoke/MethodHandles",
            "java/lang/invoke/MethodHandles$Lookup",
            "java/lang/invoke/SerializedLambda",
            "java/lang/invoke/VarHandle");

    /** Of these classes only these members. */
    private static final Map<String, Set<String>> MEMBERS = Map.ofEntries(
            Map.entry(
                    "java/lang/System",
                    Set.of(
                            "arraycopy",
                            "currentTimeMillis",
                            "err",
                            "identityHashCode",
                            "lineSeparator",
                            "nanoTime",
                            "out")),
            Map.entry("java/io/PrintStream", Set.of("append", "flush", "format", "print", "printf", "println")),
            Map.entry(
                    "java/lang/Class",
                    Set.of("cast", "desiredAssertionStatus", "getName", "getSimpleName", "isInstance", "hashCode")),
            Map.entry("java/lang/invoke/MethodHandle", Set.of()),
            Map.entry("java/lang/invoke/MethodHandles", Set.of()),
            Map.entry("java/lang/invoke/MethodHandles$Lookup", Set.of()),
            Map.entry("java/lang/invoke/SerializedLambda", Set.of()),
            Map.entry("java/lang/invoke/VarHandle", Set.of()),
            Map.entry("java/lang/invoke/LambdaMetafactory", Set.of("metafactory", "altMetafactory")),
            Map.entry("java/lang/invoke/StringConcatFactory", Set.of("makeConcatWithConstants", "makeConcat")),
            Map.entry("java/lang/runtime/ObjectMethods", Set.of("bootstrap")),
            Map.entry("java/lang/runtime/SwitchBootstraps", Set.of("typeSwitch", "enumSwitch")),
            Map.entry("java/lang/invoke/ConstantBootstraps", Set.of("invoke", "enumConstant", "primitiveClass")),
            Map.entry("java/lang/Enum$EnumDesc", Set.of("of")),
            Map.entry("java/lang/constant/ClassDesc", Set.of("of")));

    /** Refused within allowed packages: files, code loaded by name, threads, settings of the whole process. */
    private static final Set<String> REFUSED_CLASSES = Set.of(
            "java/util/Formatter",
            "java/util/ListResourceBundle",
            "java/util/Properties",
            "java/util/PropertyResourceBundle",
            "java/util/ResourceBundle",
            "java/util/Scanner",
            "java/util/ServiceLoader",
            "java/util/Timer",
            "java/util/TimerTask",
            "java/util/stream/StreamSupport", // makes parallel ones
            "fedbiomed/training/torch/TorchScriptFile"); // reads and writes files

    /**
     * Refused of every class, also of the plan's own, which inherit them: what starts threads, what outlives the plan's
     * classes (a row kept for the next round), and what hides whose an exception is.
     */
    private static final Set<String> REFUSED_MEMBERS = Set.of(
            "finalize",
            "getInteger", // of Integer, Long, Boolean: system properties
            "getLong",
            "getBoolean",
            "intern",
            "setStackTrace",
            "parallel",
            "parallelStream",
            "setDefault",
            "parallelSort",
            "parallelPrefix",
            "parallelSetAll");

    private AllowedCode() {}

    static boolean isAllowed(String className) {
        var outer = className.contains("$") ? className.substring(0, className.indexOf('$')) : className;
        if (REFUSED_CLASSES.contains(outer)) {
            return false;
        }
        return CLASSES.contains(className)
                || CLASSES.contains(outer) && outer.startsWith("fedbiomed/")
                || MEMBERS.containsKey(className)
                || PACKAGES.contains(className.substring(0, className.lastIndexOf('/') + 1));
    }

    /** Whether {@code member}, a field or method, may be used of an allowed class or of one of the plan's own. */
    static boolean isAllowed(String className, String member) {
        if (REFUSED_MEMBERS.contains(member)) {
            return false;
        }
        if (className.indexOf('/') < 0) {
            return true;
        }
        var only = MEMBERS.get(className);
        return only == null || only.contains(member);
    }

    /** What to write instead; empty where there is nothing. */
    static String instead(String className) {
        if (className.indexOf('/') < 0) {
            return "a plan's class may inherit that from a library's; where it is the plan's own, give it another name";
        }
        if (className.startsWith("java/io/") || className.startsWith("java/nio/") || className.contains("/Scanner")) {
            return "a plan reads no file: its data come by data(...), and what it returns leaves by the parameters";
        }
        if (className.startsWith("java/net/") || className.startsWith("javax/net")) {
            return "a plan has no network";
        }
        if (className.startsWith("java/lang/reflect/")
                || className.startsWith("java/lang/invoke/")
                || className.equals("java/lang/Class")
                || className.equals("java/lang/ClassLoader")) {
            return "a plan calls methods by their names in the source, without reflection";
        }
        if (className.contains("Thread")
                || className.startsWith("java/util/concurrent/")
                || className.contains("Timer")) {
            return "a plan has one thread; leave the parallel work to the engine, and use a loop";
        }
        if (className.equals("java/lang/Runtime") || className.startsWith("java/lang/Process")) {
            return "a plan starts and ends no process: return, or throw an exception";
        }
        if (className.equals("java/lang/System")) {
            return "of System a plan may use nanoTime, currentTimeMillis, arraycopy, out and err";
        }
        if (className.startsWith("org/bytedeco/")) {
            return "a plan builds its network from the methods that TorchPlan offers (linear, conv2d, ...) and from"
                    + " TorchTensor's";
        }
        if (className.startsWith("fedbiomed/")) {
            return "a plan uses TrainingPlan, the packages fedbiomed.training.linear and fedbiomed.training.torch, and"
                    + " fedbiomed.vocabulary.Args";
        }
        return "a plan uses java.lang's basics, java.util, java.util.function, java.util.stream, java.math and"
                + " java.time; see docs/sandbox.md";
    }
}
