package fedbiomed.training.plan;

import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.util.Map;

/** A plan's classes, not yet loaded; each {@link #load} gives them a class loader of their own, so no static survives. */
public final class CompiledPlan {
    private final String className;
    private final Map<String, byte[]> classes;
    private final PlanGuard guard;

    CompiledPlan(String className, Map<String, byte[]> classes, ClassCheck check) {
        this.className = className;
        this.classes = Map.copyOf(classes);
        this.guard = new PlanGuard(this.classes.keySet());
        classes.forEach(check::check);
    }

    public String className() {
        return className;
    }

    /** Calls into the plan go through this, so that what it throws is told without its text. */
    public PlanGuard guard() {
        return guard;
    }

    /**
     * A new instance of the plan's public class in a fresh class loader.
     *
     * @throws FedbiomedException {@code PLAN_INVALID} if it is no {@code type} or has no public constructor without
     *     parameters; {@code PLAN_FAILED} if its constructor or a static initialiser throws
     */
    public <T> T load(Class<T> type) {
        try {
            var loaded = new PlanLoader(type.getClassLoader(), classes).loadClass(className);
            if (!type.isAssignableFrom(loaded)) {
                throw new FedbiomedException(
                        ErrorCode.PLAN_INVALID,
                        "the plan's class " + className + " extends "
                                + loaded.getSuperclass().getName()
                                + "; let it extend SgdClassifier, SgdRegressor or TorchPlan");
            }
            if (Modifier.isAbstract(loaded.getModifiers())) {
                throw new FedbiomedException(
                        ErrorCode.PLAN_INVALID, "the plan's class " + className + " is abstract; make it concrete");
            }
            var constructor = loaded.getConstructor();
            return type.cast(guard.call("constructor", () -> {
                try {
                    return constructor.newInstance();
                } catch (InvocationTargetException e) {
                    throw e.getCause() == null ? e : e.getCause();
                }
            }));
        } catch (NoSuchMethodException | ClassNotFoundException e) {
            throw new FedbiomedException(
                    ErrorCode.PLAN_INVALID,
                    "the plan's class " + className + " has no public constructor without parameters; add one or none",
                    e);
        } catch (LinkageError e) {
            throw new FedbiomedException(
                    ErrorCode.PLAN_INVALID,
                    "the plan's class " + className + " cannot be loaded ("
                            + e.getClass().getSimpleName() + ")",
                    e);
        }
    }

    private static final class PlanLoader extends ClassLoader {
        private final Map<String, byte[]> classes;

        PlanLoader(ClassLoader parent, Map<String, byte[]> classes) {
            super("plan", parent);
            this.classes = classes;
        }

        /** The plan's own classes first: one of the same name on the class path must not take their place. */
        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!classes.containsKey(name)) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                var loaded = findLoadedClass(name);
                return loaded == null ? findClass(name) : loaded;
            }
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            var bytes = classes.get(name);
            if (bytes == null) {
                throw new ClassNotFoundException(name);
            }
            return defineClass(name, bytes, 0, bytes.length);
        }
    }
}
