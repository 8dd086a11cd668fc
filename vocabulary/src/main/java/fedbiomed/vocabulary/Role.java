package fedbiomed.vocabulary;

/** What a party is in the federation; its certificate says so. */
public enum Role {
    NODE,
    RESEARCHER;

    /** The role as commands and files write it: {@code node}, {@code researcher}. */
    public String lower() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    /** @throws IllegalArgumentException for anything but {@code node} and {@code researcher} */
    public static Role parse(String text) {
        for (var role : values()) {
            if (role.lower().equals(text)) {
                return role;
            }
        }
        throw new IllegalArgumentException("a role is 'node' or 'researcher', not '" + Text.shown(text) + "'");
    }
}
