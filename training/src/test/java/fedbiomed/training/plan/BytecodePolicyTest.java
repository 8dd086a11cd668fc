package fedbiomed.training.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class BytecodePolicyTest {
    private static final PlanCompiler COMPILER = new PlanCompiler(
            Arrays.stream(System.getProperty("java.class.path").split(java.io.File.pathSeparator))
                    .map(Path::of)
                    .toList(),
            new BytecodePolicy());

    private static void compile(String text) {
        COMPILER.compile(new PlanSource(text));
    }

    private static String doing(String statement) {
        return "public class A {\n  static Object use(Object o) { return o; }\n  void run() throws Throwable {\n    "
                + statement + "\n  }\n}";
    }

    @Test
    void whatPlansAreMadeOfIsAllowed() {
        assertThatCode(() -> compile("""
                import java.math.BigDecimal;
                import java.util.*;
                import java.util.function.*;
                import java.util.stream.*;
                public class A {
                    enum Colour { RED, GREEN { @Override int weight() { return 2; } }; int weight() { return 1; } }
                    record Point(double x, double y) implements Comparable<Point> {
                        @Override public int compareTo(Point o) { return Double.compare(x, o.x); }
                    }
                    sealed interface Shape permits Circle, Square {}
                    record Circle(double r) implements Shape {}
                    record Square(double a) implements Shape {}
                    static final Map<String, Integer> COUNTS = new TreeMap<>();
                    interface Body { double apply(double x) throws Exception; }
                    static double area(Shape shape) {
                        assert shape != null : "no shape";
                        return switch (shape) { case Circle(var r) -> Math.PI * r * r; case Square(var a) when a > 1 -> a * a;
                            case Square _ -> 0; };
                    }
                    static String name(Object o) {
                        return switch (o) { case String s -> s; case Integer i when i > 3 -> "big " + i; case Colour c -> c.name();
                            case null -> "null"; default -> o.getClass().getSimpleName() + o.hashCode(); };
                    }
                    static int of(Colour c) { return switch (c) { case RED -> 1; case GREEN -> c.weight(); }; }
                    static int text(String s) { switch (s) { case "a": return 1; case "b": return 2; default: return 0; } }
                    double[][] run(List<Point> points, Body body) {
                        try (AutoCloseable c = () -> {}) {
                            var sorted = points.stream().sorted(Comparator.comparing(Point::y)).map(Point::x)
                                    .collect(Collectors.toList());
                            Supplier<List<Double>> copy = ArrayList::new;
                            IntFunction<double[]> make = double[]::new;
                            System.out.printf("%d %s%n", sorted.size(), copy.get());
                            Runnable inner = new Runnable() { @Override public void run() { COUNTS.merge("a", 1, Integer::sum); } };
                            inner.run();
                            Colour.values(); Colour.valueOf("RED");
                            var cloned = new double[3].clone();
                            return new double[][] {make.apply(2), cloned, {new BigDecimal("3").doubleValue(), body.apply(1)}};
                        } catch (Exception e) {
                            throw new IllegalStateException("no: " + e.getMessage(), e);
                        }
                    }
                }
                """)).doesNotThrowAnyException();
    }

    static Stream<Path> examples() throws IOException {
        try (var files = Files.walk(Path.of("../examples"))) {
            return files.filter(file -> file.toString().endsWith("Plan.java")).toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void everyExampleIsAllowed(Path plan) {
        assertThatCode(() -> COMPILER.compile(PlanSource.read(plan))).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            new java.io.File("/etc/passwd").length();                              | java.io.File | reads no file
            java.nio.file.Files.readString(java.nio.file.Path.of("/etc/passwd"));  | java.nio.file.Files.readString | reads no file
            new java.util.Scanner("x");                                            | java.util.Scanner | reads no file
            new java.util.Formatter("/tmp/x");                                     | java.util.Formatter | docs/sandbox.md
            new java.io.PrintStream("/tmp/x");                                     | java.io.PrintStream.<init> | reads no file
            new java.net.Socket("127.0.0.1", 80);                                  | java.net.Socket | no network
            java.net.URI.create("http://x").toURL();                               | java.net.URI | no network
            new ProcessBuilder("id").start();                                      | java.lang.ProcessBuilder.start | no process
            Runtime.getRuntime().exec("id");                                       | java.lang.Runtime.exec | no process
            Runtime.getRuntime().halt(1);                                          | java.lang.Runtime.halt | no process
            ProcessHandle.current();                                               | java.lang.ProcessHandle.current | no process
            System.exit(1);                                                        | java.lang.System.exit | nanoTime
            System.getenv();                                                       | java.lang.System.getenv | nanoTime
            System.getProperty("user.home");                                       | java.lang.System.getProperty | nanoTime
            System.setProperty("a", "b");                                          | java.lang.System.setProperty | nanoTime
            System.load("/tmp/x.so");                                              | java.lang.System.load | nanoTime
            System.setOut(null);                                                   | java.lang.System.setOut | nanoTime
            Integer.getInteger("a");                                               | java.lang.Integer.getInteger | java.lang's basics
            new Thread(() -> {}).start();                                          | java.lang.Thread.start | one thread
            Thread.sleep(1);                                                       | java.lang.Thread.sleep | one thread
            java.util.concurrent.Executors.newCachedThreadPool();                  | java.util.concurrent.Executors | one thread
            new java.util.Timer();                                                 | java.util.Timer | one thread
            java.util.List.of(1).parallelStream();                                 | java.util.List.parallelStream | java.util
            new ThreadLocal<String>().set("kept");                                 | java.lang.ThreadLocal | one thread
            Class.forName("java.lang.Runtime");                                    | java.lang.Class.forName | without reflection
            A.class.getDeclaredMethods();                                          | java.lang.Class.getDeclaredMethods | without reflection
            A.class.getClassLoader();                                              | java.lang.Class.getClassLoader | without reflection
            A.class.getResourceAsStream("/x");                                     | java.lang.Class.getResourceAsStream | without reflection
            java.lang.invoke.MethodHandles.lookup();                               | java.lang.invoke.MethodHandles.lookup | without reflection
            java.lang.reflect.Array.newInstance(A.class, 1);                       | java.lang.reflect.Array | without reflection
            java.lang.foreign.Arena.global().allocate(8);                          | java.lang.foreign.Arena | docs/sandbox.md
            java.lang.foreign.Linker.nativeLinker();                               | java.lang.foreign.Linker | docs/sandbox.md
            new org.bytedeco.javacpp.LongPointer(1).put(1000000, 1);               | org.bytedeco.javacpp.LongPointer | TorchPlan
            new org.bytedeco.javacpp.BytePointer() { { address = 8; } }.get();     | org.bytedeco.javacpp.BytePointer | TorchPlan
            org.bytedeco.javacpp.Pointer.memcpy(null, null, 8);                    | org.bytedeco.javacpp.Pointer | TorchPlan
            org.bytedeco.javacpp.Pointer.malloc(1L << 40);                         | org.bytedeco.javacpp.Pointer | TorchPlan
            org.bytedeco.javacpp.Loader.load(A.class);                             | org.bytedeco.javacpp.Loader | TorchPlan
            new org.bytedeco.pytorch.JitModule();                                  | org.bytedeco.pytorch.JitModule | TorchPlan
            new fedbiomed.training.torch.TorchScriptFile(null).code();             | fedbiomed.training.torch.TorchScriptFile | fedbiomed.training.torch
            fedbiomed.training.metrics.CustomMetrics.requireNames(null);           | fedbiomed.training.metrics.CustomMetrics | fedbiomed.training.linear
            java.util.stream.StreamSupport.stream(java.util.List.of().spliterator(), true); | java.util.stream.StreamSupport | java.util
            java.util.TimeZone.setDefault(null);                                   | java.util.TimeZone.setDefault | java.util
            new String("kept").intern();                                           | java.lang.String.intern | java.lang's basics
            new Exception().setStackTrace(new Exception().getStackTrace());        | java.lang.Exception.setStackTrace | java.lang's basics
            new Object() { Object of() { return getClass().getClassLoader(); } };  | java.lang.Class.getClassLoader | without reflection
            java.lang.constant.ClassDesc.of("java.lang.Runtime").resolveConstantDesc(null); | java.lang.constant.ClassDesc.resolveConstantDesc | docs/sandbox.md
            new java.io.ObjectInputStream(null).readObject();                      | java.io.ObjectInputStream | reads no file
            Thread.currentThread().getContextClassLoader();                        | java.lang.Thread.currentThread | one thread
            StackWalker.getInstance().getCallerClass();                            | java.lang.StackWalker | java.lang's basics
            java.lang.ref.Cleaner.create();                                        | java.lang.ref.Cleaner | java.lang's basics
            org.bytedeco.pytorch.global.torch.ones(3);                             | org.bytedeco.pytorch.global.torch | TorchPlan
            java.util.ServiceLoader.load(A.class);                                 | java.util.ServiceLoader | docs/sandbox.md
            java.util.ResourceBundle.getBundle("x");                               | java.util.ResourceBundle | docs/sandbox.md
            java.nio.ByteBuffer.allocateDirect(8);                                 | java.nio.ByteBuffer | reads no file
            fedbiomed.training.LoadedPlan.compile(null);                           | fedbiomed.training.LoadedPlan | fedbiomed.training.linear
            fedbiomed.parameters.Safetensors.open(null);                           | fedbiomed.parameters.Safetensors | fedbiomed.training.linear
            java.util.function.Supplier<Object> s = Runtime::getRuntime; s.get();  | java.lang.Runtime | no process
            java.util.function.IntConsumer c = System::exit; c.accept(1);          | java.lang.System.exit | nanoTime
            use(java.net.Socket.class);                                            | java.net.Socket | no network
            use(new java.io.File[0]);                                              | java.io.File | reads no file
            """)
    void whatNoPlanMayUseIsRefused(String statement, String named, String instead) {
        assertThatThrownBy(() -> compile(doing(statement)))
                .isInstanceOfSatisfying(
                        FedbiomedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PLAN_INVALID))
                .hasMessageContaining(named)
                .hasMessageContaining(instead);
    }

    @Test
    void aCallIsToldWithItsLine() {
        assertThatThrownBy(() -> compile(doing("System.exit(1);")))
                .hasMessageContaining("line 4: java.lang.System.exit");
    }

    @Test
    void superclassesFinalizersAndNativeMethodsAreSeen() {
        assertThatThrownBy(() -> compile("public class A extends Thread {}")).hasMessageContaining("java.lang.Thread");
        assertThatThrownBy(() -> compile("public class A extends ClassLoader {}"))
                .hasMessageContaining("java.lang.ClassLoader");
        assertThatThrownBy(() -> compile("public class A { protected void finalize() {} }"))
                .hasMessageContaining("a finalizer");
        assertThatThrownBy(() -> compile("public class A { native void run(); }"))
                .hasMessageContaining("a native method (run)");
        assertThatThrownBy(() -> compile("package fedbiomed.training; public class A {}"))
                .hasMessageContaining("the package of fedbiomed.training.A");
        assertThatThrownBy(() -> compile("public class A extends org.bytedeco.javacpp.BytePointer {}"))
                .hasMessageContaining("org.bytedeco.javacpp.BytePointer");
        assertThatThrownBy(() -> compile(
                        "public class A extends java.io.PrintStream { A() throws Exception { super(\"x\"); } }"))
                .hasMessageContaining("java.io.PrintStream.<init>");
    }

    /** The call names the plan's own class; what is called is the library's all the same. */
    @Test
    void whatAPlansOwnClassInheritsIsRefusedAsTheLibrarysIs() {
        assertThatThrownBy(() -> compile("public class A extends java.util.SimpleTimeZone { A() { super(0, \"P007\"); }"
                        + " static void keep() { A.setDefault(new A()); } }"))
                .hasMessageContaining("A.setDefault");
        assertThatThrownBy(() -> compile("public class A extends java.util.ArrayList<String> {"
                        + " void run() { this.parallelStream().forEach(s -> {}); } }"))
                .hasMessageContaining("A.parallelStream");
        assertThatThrownBy(() -> compile("public class A extends RuntimeException {"
                        + " void hide(Throwable t) { setStackTrace(t.getStackTrace()); } }"))
                .hasMessageContaining("A.setStackTrace");
    }
}
