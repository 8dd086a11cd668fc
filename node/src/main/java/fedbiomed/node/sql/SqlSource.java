package fedbiomed.node.sql;

import fedbiomed.protocol.home.AtomicFiles;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A query of a database.
 *
 * @param home the node's, for its drivers
 * @param url of JDBC, without a password
 * @param credentials a file with {@code user=} and {@code password=} that its owner alone may read; {@code null} for none
 */
public record SqlSource(
        Path home, String url, String query, @Nullable Path credentials) {
    public static final String URL = "url";
    public static final String QUERY = "query";
    public static final String CREDENTIALS = "credentials";

    private static final Pattern PASSWORD =
            Pattern.compile("(?i)(password|passwd|pwd|secret)\\s*=|//[^/@]*:[^/@]*@|:[^:/@]+/[^/@]+@");
    private static final int MAX_CREDENTIALS_BYTES = 64 << 10;
    private static final int FETCHED_ROWS = 2_000;

    /** @throws FedbiomedException {@code UNSUPPORTED}, {@code POLICY} saying which setting is missing or wrong */
    public static SqlSource of(Path home, Map<String, String> settings) {
        var url = settings.get(URL);
        var query = settings.get(QUERY);
        if (url == null || query == null || !url.startsWith("jdbc:")) {
            throw new FedbiomedException(
                    ErrorCode.UNSUPPORTED,
                    "a dataset of kind 'sql' needs --set url=jdbc:... and --set query='SELECT ...'");
        }
        if (PASSWORD.matcher(url).find()) {
            throw new FedbiomedException(
                    ErrorCode.POLICY,
                    "the URL holds a password, and would be kept and shown; write user=... and password=... into a file"
                            + " (chmod 600) and give --set credentials=FILE");
        }
        var credentials = settings.get(CREDENTIALS);
        return new SqlSource(
                home,
                url,
                ReadingQuery.checked(query),
                credentials == null
                        ? null
                        : Path.of(credentials).toAbsolutePath().normalize());
    }

    /**
     * Runs the query, row by row, into a Parquet file that is whole or absent.
     *
     * @throws FedbiomedException {@code DATA_UNFIT} for a query that fails or whose result is no table
     */
    public void writeTo(Path target) throws IOException {
        var secrets = secrets();
        try (var drivers = Drivers.of(home);
                var connection = connected(drivers, secrets)) {
            connection.setAutoCommit(false);
            try (var statement = connection.createStatement()) {
                statement.setFetchSize(FETCHED_ROWS);
                try (var result = statement.executeQuery(query)) {
                    new ParquetSnapshot(result).writeTo(target);
                }
            } finally {
                connection.rollback();
            }
        } catch (SQLException e) {
            throw failed(e, secrets.getProperty("password", ""));
        }
    }

    private Connection connected(Drivers drivers, Properties secrets) throws SQLException {
        var properties = new Properties();
        properties.putAll(secrets);
        if (url.startsWith("jdbc:duckdb:")) {
            properties.setProperty("duckdb.read_only", "true");
            properties.setProperty("jdbc_stream_results", "true");
            properties.setProperty("autoinstall_known_extensions", "false");
            properties.setProperty("autoload_known_extensions", "false");
            properties.setProperty("enable_external_access", "false");
        } else if (url.startsWith("jdbc:sqlite:")) {
            properties.setProperty("open_mode", "1"); // SQLITE_OPEN_READONLY
        }
        var connection = drivers.driver(url).connect(url, properties);
        if (connection == null) {
            throw new SQLException("the driver does not connect to this URL");
        }
        if (!connection.isReadOnly()) {
            try {
                connection.setReadOnly(true);
            } catch (SQLException e) {
                connection.close();
                throw e;
            }
        }
        return connection;
    }

    private Properties secrets() throws IOException {
        var secrets = new Properties();
        if (credentials == null) {
            return secrets;
        }
        if (!Files.isRegularFile(credentials)) {
            throw new FedbiomedException(ErrorCode.POLICY, "there is no file with credentials: " + credentials);
        }
        AtomicFiles.requireOwnerOnly(credentials);
        secrets.load(new StringReader(
                new String(AtomicFiles.readBounded(credentials, MAX_CREDENTIALS_BYTES), StandardCharsets.UTF_8)));
        if (!secrets.stringPropertyNames().stream().allMatch(name -> name.equals("user") || name.equals("password"))) {
            throw new FedbiomedException(
                    ErrorCode.POLICY, credentials + " holds something else than user=... and password=...");
        }
        return secrets;
    }

    /** It is shown to the data manager, who wrote the query, and to nobody else. */
    private static FedbiomedException failed(SQLException e, String password) {
        var said = String.valueOf(e.getMessage());
        return new FedbiomedException(
                ErrorCode.DATA_UNFIT,
                "the database did not answer the query: "
                        + Text.shown(password.isEmpty() ? said : said.replace(password, "***"), 500)
                        + ". Correct the query or the URL, and look whether the account may read what it names");
    }
}
