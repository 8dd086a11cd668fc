# Finds a JDK 25 or newer (a JDK, not a JRE: training plans are compiled where they run). Sourced by mvnw and fedbiomed.
find_jdk() {
  local candidate major
  for candidate in "${FEDBIOMED_JAVA_HOME:-}" "${JAVA_HOME:-}" /usr/lib/jvm/* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* \
      /opt/java/* /opt/jdk* /Library/Java/JavaVirtualMachines/*/Contents/Home \
      "$(command -v javac >/dev/null 2>&1 && dirname "$(dirname "$(readlink -f "$(command -v javac)")")")"; do
    [ -n "$candidate" ] && [ -x "$candidate/bin/javac" ] && [ -r "$candidate/release" ] || continue
    major=$(sed -nE 's/^JAVA_VERSION="([0-9]+).*/\1/p' "$candidate/release")
    if [ -n "$major" ] && [ "$major" -ge 25 ]; then printf '%s\n' "$candidate"; return 0; fi
  done
  cat >&2 <<'TEXT'
Fed-BioMed needs a JDK 25 or newer (a JDK, not only a Java runtime), and found none.
  looked in: $FEDBIOMED_JAVA_HOME, $JAVA_HOME, /usr/lib/jvm, ~/.sdkman, ~/.jdks, /opt and the javac on the PATH
  get one:   Debian, Ubuntu   apt-get install temurin-25-jdk   (from Adoptium's repository), or openjdk-25-jdk where it is offered
             Fedora, RHEL     dnf install java-25-openjdk-devel
             anywhere         https://adoptium.net/temurin/releases/?version=25
  or, if you have one elsewhere:  export FEDBIOMED_JAVA_HOME=/path/to/jdk-25
TEXT
  return 1
}
