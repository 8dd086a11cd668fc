package fedbiomed.cli;

import picocli.CommandLine.IVersionProvider;

/** The version of the archive that runs. */
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        var version = Main.class.getPackage().getImplementationVersion();
        return new String[] {
            "Fed-BioMed for Java " + (version == null ? "(development)" : version), "Java " + Runtime.version()
        };
    }
}
