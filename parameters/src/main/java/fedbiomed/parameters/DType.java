package fedbiomed.parameters;

/** Element types of a tensor that we read and write, by the names that safetensors gives them. All are little-endian. */
public enum DType {
    /** IEEE 754 binary64. */
    F64(8, true),
    /** IEEE 754 binary32. */
    F32(4, true),
    /** IEEE 754 binary16. */
    F16(2, true),
    /** The upper half of a binary32. */
    BF16(2, true),
    I64(8, false),
    I32(4, false),
    I16(2, false),
    I8(1, false),
    /** Unsigned byte. */
    U8(1, false),
    /** One byte; 0 is false, anything else true. */
    BOOL(1, false);

    private final int bytes;
    private final boolean floating;

    DType(int bytes, boolean floating) {
        this.bytes = bytes;
        this.floating = floating;
    }

    /** Size of one element. */
    public int bytes() {
        return bytes;
    }

    public boolean isFloating() {
        return floating;
    }
}
