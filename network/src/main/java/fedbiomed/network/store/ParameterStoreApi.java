package fedbiomed.network.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import fedbiomed.network.enrolment.Enrolment;
import fedbiomed.network.enrolment.PartyRegister;
import fedbiomed.network.enrolment.ServerIdentity;
import fedbiomed.network.limit.Limits;
import fedbiomed.protocol.audit.AuditEvent;
import fedbiomed.protocol.audit.AuditKind;
import fedbiomed.protocol.audit.AuditLog;
import fedbiomed.protocol.audit.AuditTally;
import fedbiomed.protocol.audit.SignedHead;
import fedbiomed.protocol.transport.CertifiedParty;
import fedbiomed.protocol.transport.EnrolmentClient.EnrolReply;
import fedbiomed.protocol.transport.EnrolmentClient.EnrolRequest;
import fedbiomed.protocol.transport.EnrolmentClient.RenewRequest;
import fedbiomed.protocol.transport.FederationAddress;
import fedbiomed.protocol.transport.Pem;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Json;
import fedbiomed.vocabulary.PartyId;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HttpResponseException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.eclipse.jetty.io.EofException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Network's REST interface over HTTPS: the parameter store, enrolment and renewal, health and metrics; described in
 * {@code /v1/openapi.yaml}. Only enrolment, health and the description are open to those without a certificate.
 */
public final class ParameterStoreApi implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ParameterStoreApi.class);
    private static final String ENROL = "/v1/enrol";
    private static final int MAX_JSON_BYTES = 1 << 15;
    private static final String X509_ATTRIBUTE = "jakarta.servlet.request.X509Certificate";

    private final Javalin app;
    private final HttpsServer server;
    private final RequestGate requests;
    private final PartyRegister register;
    private final Enrolment enrolment;
    private final Parts parts;
    private volatile ServerIdentity identity;
    private volatile int port;

    /** What the interface stands on, and is told about the rest of the Network. */
    public record Parts(
            EntryStore store,
            AuditLog audit,
            AuditTally counted,
            Metrics metrics,
            String version,
            String epoch,
            Supplier<FederationAddress> address,
            Runnable registerChanged,
            Clock clock) {}

    private ParameterStoreApi(
            String bind,
            int port,
            Duration idleTimeout,
            Limits limits,
            ServerIdentity identity,
            PartyRegister register,
            Enrolment enrolment,
            Parts parts) {
        this.identity = identity;
        this.register = register;
        this.enrolment = enrolment;
        this.parts = parts;
        this.server = new HttpsServer(identity, limits);
        this.requests = new RequestGate(limits);
        parts.metrics().counter("store_connections_refused_total", server::refusedConnections);
        parts.metrics().counter("requests_over_rate_total", requests::refused);
        this.app = Javalin.create(config -> {
            server.configure(config, bind, port, idleTimeout);
            routes(config);
            errors(config);
        });
    }

    /** @throws FedbiomedException when the port is taken */
    public static ParameterStoreApi start(
            String bind,
            int port,
            Duration idleTimeout,
            Limits limits,
            ServerIdentity identity,
            PartyRegister register,
            Enrolment enrolment,
            Parts parts) {
        var api = new ParameterStoreApi(bind, port, idleTimeout, limits, identity, register, enrolment, parts);
        try {
            api.app.start();
            // the server forgets it while it stops, and a request may be answered still
            api.port = api.app.port();
            return api;
        } catch (RuntimeException e) {
            api.app.stop();
            throw new FedbiomedException(
                    ErrorCode.BUSY,
                    "the parameter store's port " + port + " on " + bind + " cannot be used (" + e.getMessage()
                            + "); stop what listens there, or set store_port in config.yaml",
                    e);
        }
    }

    /** Goes on with the Network's new certificate. */
    public void renew(ServerIdentity identity) {
        server.renew(identity);
        this.identity = identity;
    }

    public int port() {
        return port;
    }

    /** For the test that compares the interface with its description. */
    Javalin app() {
        return app;
    }

    private void routes(JavalinConfig config) {
        config.routes.before(
                context -> requests.require(certificate(context), context.req().getRemoteAddr()));
        var parameters = new ParameterRoutes(parts.store(), parts.metrics(), parts.counted());
        config.routes.put(ParameterRoutes.PATH, context -> parameters.put(context, sender(context)));
        config.routes.head(ParameterRoutes.PATH, context -> parameters.head(context, sender(context)));
        config.routes.get(ParameterRoutes.PATH, context -> parameters.get(context, sender(context)));
        config.routes.delete(ParameterRoutes.PATH, context -> parameters.delete(context, sender(context)));
        config.routes.post(ENROL, this::enrol);
        config.routes.post("/v1/renew", this::renew);
        config.routes.get("/v1/health", this::health);
        config.routes.get("/v1/openapi.yaml", openApi());
        config.routes.get("/metrics", this::metrics);
    }

    private void errors(JavalinConfig config) {
        config.routes.exception(StoreRefusal.class, (e, context) -> refused(context, e));
        config.routes.exception(
                HttpResponseException.class,
                (e, context) -> error(
                        context,
                        e.getStatus(),
                        e.getStatus() == 404 ? "NOT_FOUND" : "BAD_REQUEST",
                        "no such resource or method",
                        "see /v1/openapi.yaml"));
        config.routes.exception(Exception.class, (e, context) -> failed(context, e));
    }

    private void failed(Context context, Exception e) {
        if (e instanceof EofException) {
            LOG.debug("the connection of a request to {} broke: {}", context.path(), e.toString());
        } else if (FullDisk.caused(e)) {
            refused(context, FullDisk.refusal());
        } else {
            LOG.warn("a request to {} failed", context.path(), e);
            error(
                    context,
                    500,
                    "INTERNAL",
                    "the Network failed to do this",
                    "try again; its administrator finds the cause in the log");
        }
    }

    private void refused(Context context, StoreRefusal refusal) {
        parts.metrics().refused();
        recordRefusal(context, refusal);
        if (refusal.reason() == StoreRefusal.Reason.DISK_FULL) {
            LOG.error("the disk is full: an upload was refused; free space on it");
        }
        error(context, refusal.reason().status, refusal.reason().name(), refusal.text(), refusal.whatToDo());
        if (refusal.retryAfterSeconds() > 0) {
            context.header("Retry-After", Long.toString(refusal.retryAfterSeconds()));
        }
    }

    private void recordRefusal(Context context, StoreRefusal refusal) {
        var isEnrolment = context.path().equals(ENROL);
        var event = AuditEvent.of(isEnrolment ? AuditKind.ENROLMENT_REFUSED : AuditKind.STORE_REFUSED)
                .code(refusal.reason());
        var certificate = certificate(context);
        // a stranger has none
        if (certificate != null) {
            event.party(CertifiedParty.of(certificate).party());
        }
        try {
            parts.counted().record(event.build());
        } catch (FedbiomedException e) {
            LOG.error("a refusal could not be recorded: {}", e.text());
        }
    }

    private static void error(Context context, int status, String code, String text, String whatToDo) {
        if (context.res().isCommitted()) {
            return;
        }
        boolean read = UnreadBody.readToEnd(context.req());
        context.res().reset();
        context.status(status);
        if (!read) {
            // what is left of the body would be taken for the next request
            context.header("Connection", "close");
        }
        json(context, Map.of("code", code, "text", text, "what_to_do", whatToDo));
    }

    private static void json(Context context, Object value) {
        context.contentType("application/json").result(Json.bytes(value));
    }

    private PartyId sender(Context context) {
        return certified(context).party();
    }

    /** The party that the client's certificate names, if this Network issued it and has not revoked it. */
    private CertifiedParty certified(Context context) {
        var certificate = certificate(context);
        if (certificate == null) {
            throw new StoreRefusal(
                    StoreRefusal.Reason.UNAUTHENTICATED,
                    "this needs a client certificate",
                    "enrol with an invitation first");
        }
        if (!register.holds(certificate)) {
            throw new StoreRefusal(
                    StoreRefusal.Reason.REVOKED,
                    "this certificate was revoked or replaced, or has expired",
                    "ask the Network's administrator for a new invitation");
        }
        // who it is stands in the certificate, and there alone
        return CertifiedParty.of(certificate);
    }

    private static @Nullable X509Certificate certificate(Context context) {
        return context.req().getAttribute(X509_ATTRIBUTE) instanceof X509Certificate[] chain && chain.length > 0
                ? chain[0]
                : null;
    }

    private void enrol(Context context) throws IOException {
        var request = body(context, EnrolRequest.class);
        if (request.secret() == null || request.certificateRequest() == null) {
            throw StoreRefusal.badRequest("an enrolment has a secret and a certificate_request");
        }
        try {
            var certificate = enrolment.enrol(request.secret(), request.certificateRequest());
            answer(context, certificate);
        } catch (FedbiomedException e) {
            throw refused(e);
        }
    }

    private void renew(Context context) throws IOException {
        var who = certified(context);
        var request = body(context, RenewRequest.class);
        if (request.certificateRequest() == null) {
            throw StoreRefusal.badRequest("a renewal has a certificate_request");
        }
        try {
            answer(context, enrolment.renew(who, request.certificateRequest()));
        } catch (FedbiomedException e) {
            throw refused(e);
        }
    }

    private static StoreRefusal refused(FedbiomedException e) {
        if (e.code() == ErrorCode.INTERNAL) {
            throw e;
        }
        return e.code() == ErrorCode.BAD_MESSAGE
                ? StoreRefusal.badRequest(e.text())
                : new StoreRefusal(
                        StoreRefusal.Reason.REFUSED, e.text(), "ask the Network's administrator for a new invitation");
    }

    private void answer(Context context, X509Certificate certificate) {
        parts.registerChanged().run();
        try {
            json(
                    context,
                    new EnrolReply(
                            Pem.encode(Pem.CERTIFICATE, certificate.getEncoded()),
                            Pem.encode(
                                    Pem.CERTIFICATE, enrolment.caCertificate().getEncoded()),
                            parts.address().get()));
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that was made can be written", e);
        }
    }

    private static <T> T body(Context context, Class<T> type) throws IOException {
        var bytes = new PacedBody(context.bodyInputStream()).readNBytes(MAX_JSON_BYTES + 1);
        if (bytes.length > MAX_JSON_BYTES) {
            throw new StoreRefusal(
                    StoreRefusal.Reason.TOO_LARGE,
                    "a request has at most " + MAX_JSON_BYTES + " bytes",
                    "see /v1/openapi.yaml");
        }
        try {
            var value = Json.MAPPER.readValue(bytes, type);
            if (value == null) {
                throw StoreRefusal.badRequest("the body is not the JSON that this path takes");
            }
            return value;
        } catch (JsonProcessingException _) {
            throw StoreRefusal.badRequest("the body is not the JSON that this path takes");
        }
    }

    private void health(Context context) {
        var address = parts.address().get();
        var health = new LinkedHashMap<String, Object>();
        health.put("status", "ok");
        health.put("version", parts.version());
        health.put("epoch", parts.epoch());
        health.put("host", address.host());
        health.put("store_port", address.storePort());
        health.put("mqtt_host", address.mqttHost());
        health.put("mqtt_port", address.mqttPort());
        health.put("time", parts.clock().instant().toString());
        if (certificate(context) != null) {
            health.put("audit", auditHead());
        }
        json(context, health);
    }

    /** Null where the log is damaged: what hinders a record is no reason to be silent. */
    private @Nullable SignedHead auditHead() {
        try {
            return SignedHead.sign(parts.audit().head(), parts.clock().instant(), identity.key());
        } catch (FedbiomedException e) {
            LOG.error("{}", e.text());
            return null;
        }
    }

    private void metrics(Context context) throws IOException {
        if (certificate(context) == null
                && !InetAddress.getByName(context.req().getRemoteAddr()).isLoopbackAddress()) {
            throw new StoreRefusal(
                    StoreRefusal.Reason.UNAUTHENTICATED,
                    "metrics need a client certificate, or this machine itself",
                    "enrol first");
        }
        if (certificate(context) != null) {
            certified(context);
        }
        context.contentType("text/plain; version=0.0.4; charset=utf-8")
                .result(parts.metrics().text());
    }

    private static Handler openApi() {
        try (InputStream in = ParameterStoreApi.class.getResourceAsStream("openapi.yaml")) {
            if (in == null) {
                throw new IllegalStateException("openapi.yaml is missing from the archive");
            }
            var text = in.readAllBytes();
            return context -> context.contentType("application/yaml").result(text);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        app.stop();
    }
}
