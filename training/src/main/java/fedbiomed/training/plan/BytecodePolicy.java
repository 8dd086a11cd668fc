package fedbiomed.training.plan;

import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.lang.classfile.AccessFlags;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LineNumber;
import java.lang.reflect.AccessFlag;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Lets a plan's class name its own classes and what {@link AllowedCode} lists, and nothing else. Looks at every entry of
 * the constant pool, so that a method reference, a bootstrap method or a superclass is seen as a call is.
 */
public final class BytecodePolicy implements ClassCheck {
    /** More than these help nobody. */
    private static final int MAX_SHOWN = 5;

    @Override
    public void check(String className, byte[] bytecode) {
        ClassModel model;
        try {
            model = ClassFile.of().parse(bytecode);
            var violations = new Violations(model);
            violations.own();
            violations.pool();
            violations.require();
        } catch (IllegalArgumentException e) {
            throw new FedbiomedException(
                    ErrorCode.PLAN_INVALID, "the plan's class " + className + " is no class file that can be read", e);
        }
    }

    /** What is wrong with one class, by what is named; the value is the line, 0 where there is none. */
    private static final class Violations {
        private final ClassModel model;
        private final Map<PoolEntry, Integer> lines;
        private final Map<String, Integer> found = new LinkedHashMap<>();

        Violations(ClassModel model) {
            this.model = model;
            this.lines = lines(model);
        }

        /** The first line on which a member is used. */
        private static Map<PoolEntry, Integer> lines(ClassModel model) {
            var lines = new java.util.HashMap<PoolEntry, Integer>();
            for (var method : model.methods()) {
                method.code().ifPresent(code -> lines(code, lines));
            }
            return lines;
        }

        private static void lines(CodeModel code, Map<PoolEntry, Integer> lines) {
            int line = 0;
            for (var element : code) {
                switch (element) {
                    case LineNumber number -> line = number.line();
                    case InvokeInstruction call -> lines.putIfAbsent(call.method(), line);
                    case FieldInstruction field -> lines.putIfAbsent(field.field(), line);
                    default -> {}
                }
            }
        }

        private void own() {
            var name = model.thisClass().asInternalName();
            if (name.indexOf('/') >= 0) {
                add("the package of " + shown(name) + ": a plan's classes stand in none, so leave out 'package'", 0);
            }
            for (var method : model.methods()) {
                if (has(method.flags(), AccessFlag.NATIVE)) {
                    add("a native method (" + method.methodName().stringValue() + "): write it in Java", 0);
                }
                if (method.methodName().equalsString("finalize")) {
                    add("a finalizer: use try and finally", 0);
                }
            }
        }

        private static boolean has(AccessFlags flags, AccessFlag flag) {
            return flags.has(flag);
        }

        private void pool() {
            for (var entry : model.constantPool()) {
                switch (entry) {
                    case MemberRefEntry member -> member(member);
                    case ClassEntry type -> type(type);
                    default -> {}
                }
            }
        }

        private void type(ClassEntry entry) {
            var name = element(entry.asInternalName());
            boolean told = found.keySet().stream().anyMatch(what -> what.startsWith(shown(name)));
            if (!isAllowed(name) && !told) {
                add(shown(name) + ": " + AllowedCode.instead(name), lineOf(name));
            }
        }

        private int lineOf(String className) {
            return lines.entrySet().stream()
                    .filter(use -> use.getKey() instanceof MemberRefEntry member
                            && member.owner().asInternalName().equals(className))
                    .map(Map.Entry::getValue)
                    .min(Integer::compare)
                    .orElse(0);
        }

        private void member(MemberRefEntry entry) {
            var owner = element(entry.owner().asInternalName());
            var member = entry.name().stringValue();
            if (!isAllowed(owner) || !AllowedCode.isAllowed(owner, member)) {
                add(
                        shown(owner) + "." + member + ": " + AllowedCode.instead(owner),
                        lines.getOrDefault((PoolEntry) entry, 0));
            }
        }

        /** The plan's own classes stand in no package, and nothing else that it could reach does. */
        private static boolean isAllowed(String name) {
            return name.indexOf('/') < 0 || AllowedCode.isAllowed(name);
        }

        /** Of an array's name the class of its elements; a primitive's has no package. */
        private static String element(String name) {
            var element = name.replaceFirst("^\\[+", "");
            return element.length() < name.length() && element.startsWith("L")
                    ? element.substring(1, element.length() - 1)
                    : element;
        }

        private static String shown(String internalName) {
            return internalName.replace('/', '.').replace('$', '.');
        }

        private void add(String what, int line) {
            found.merge(what, line, (a, b) -> a == 0 ? b : b == 0 ? a : Integer.valueOf(Math.min(a, b)));
        }

        private void require() {
            if (found.isEmpty()) {
                return;
            }
            var shown = found.entrySet().stream()
                    .limit(MAX_SHOWN)
                    .map(one -> (one.getValue() > 0 ? "line " + one.getValue() + ": " : "") + one.getKey())
                    .collect(Collectors.joining("\n"));
            int more = found.size() - MAX_SHOWN;
            throw new FedbiomedException(
                    ErrorCode.PLAN_INVALID,
                    "the plan uses what no plan may use:\n" + shown + (more > 0 ? "\nand " + more + " more" : ""));
        }
    }
}
