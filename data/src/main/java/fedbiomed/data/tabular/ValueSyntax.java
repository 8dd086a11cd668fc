package fedbiomed.data.tabular;

import java.time.LocalDate;
import java.time.format.DateTimeParseException;

/** What a value, trimmed and not missing, looks like. ASCII digits only; a decimal point; an exponent if wanted. */
public enum ValueSyntax {
    /** Digits with an optional sign that fit 64 bits. */
    INTEGER,
    /** A finite real, or an integer too large for 64 bits. */
    REAL,
    /** {@code inf}, {@code infinity} in any case and with any sign, or a number beyond binary64. */
    INFINITE,
    /** {@code true} or {@code false}, in any case. */
    BOOLEAN,
    /** A number with a comma where the decimal point belongs. */
    DECIMAL_COMMA,
    /** A day of the Gregorian calendar, {@code yyyy-MM-dd} (ISO 8601), years 0001 to 9999. */
    DATE,
    TEXT;

    /** So many digits always fit 64 bits. */
    private static final int SAFE_DIGITS = 18;

    public static ValueSyntax of(String value) {
        var shape = numberShape(value);
        return switch (shape) {
            case INTEGER -> fitsLong(value) ? INTEGER : REAL;
            case REAL -> Double.isInfinite(Double.parseDouble(value)) ? INFINITE : REAL;
            case TEXT -> isDate(value) ? DATE : word(value);
            default -> shape;
        };
    }

    /** {@code [+-]? (digits [. digits?] | . digits) ([eE] [+-]? digits)?}, or the same with a comma for the point. */
    private static ValueSyntax numberShape(String value) {
        int at = afterSign(value, 0);
        int whole = afterDigits(value, at);
        int end = whole;
        boolean comma = false;
        boolean point = false;
        if (end < value.length() && (value.charAt(end) == '.' || value.charAt(end) == ',')) {
            comma = value.charAt(end) == ',';
            point = !comma;
            end = afterDigits(value, end + 1);
        }
        int digits = end - at - (comma || point ? 1 : 0);
        if (digits == 0) {
            return TEXT;
        }
        boolean exponent = false;
        if (end < value.length() && (value.charAt(end) == 'e' || value.charAt(end) == 'E')) {
            int from = afterSign(value, end + 1);
            exponent = true;
            end = afterDigits(value, from);
            if (end == from) {
                return TEXT;
            }
        }
        if (end != value.length()) {
            return TEXT;
        }
        return comma ? DECIMAL_COMMA : point || exponent ? REAL : INTEGER;
    }

    private static int afterSign(String value, int at) {
        return at < value.length() && (value.charAt(at) == '+' || value.charAt(at) == '-') ? at + 1 : at;
    }

    private static int afterDigits(String value, int from) {
        int at = from;
        while (at < value.length() && value.charAt(at) >= '0' && value.charAt(at) <= '9') {
            at++;
        }
        return at;
    }

    private static boolean fitsLong(String value) {
        if (value.length() <= SAFE_DIGITS) {
            return true;
        }
        try {
            Long.parseLong(value);
            return true;
        } catch (NumberFormatException _) {
            return false;
        }
    }

    private static ValueSyntax word(String value) {
        if (value.equalsIgnoreCase("true") || value.equalsIgnoreCase("false")) {
            return BOOLEAN;
        }
        var unsigned = value.substring(afterSign(value, 0));
        return unsigned.equalsIgnoreCase("inf") || unsigned.equalsIgnoreCase("infinity") ? INFINITE : TEXT;
    }

    private static boolean isDate(String value) {
        if (value.length() != 10 || value.charAt(4) != '-' || value.charAt(7) != '-') {
            return false;
        }
        for (int i = 0; i < 10; i++) {
            if (i != 4 && i != 7 && (value.charAt(i) < '0' || value.charAt(i) > '9')) {
                return false;
            }
        }
        try {
            return LocalDate.parse(value).getYear() > 0;
        } catch (DateTimeParseException _) {
            return false;
        }
    }
}
