package dev.lightkeeper.simulators.aws.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lightkeeper.simulators.aws.SimulatorClock;
import dev.lightkeeper.simulators.aws.audit.AuditEntry;
import dev.lightkeeper.simulators.aws.audit.AuditLog;
import dev.lightkeeper.simulators.aws.audit.Effect;
import dev.lightkeeper.simulators.aws.faults.Fault;
import dev.lightkeeper.simulators.aws.faults.FaultKind;
import dev.lightkeeper.simulators.aws.faults.Faults;
import dev.lightkeeper.simulators.aws.http.Delivery.Manner;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Leads a request to its service: signature, faults, operation, audit. */
public final class Dispatcher {
    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

    private final Map<String, ServiceApi> byTargetPrefix;
    private final Map<String, ServiceApi> byVersion;
    private final Callers callers;
    private final Faults faults;
    private final AuditLog audit;
    private final SimulatorClock clock;
    private final RequestRate rate;
    private final WireFormat format = new WireFormat();
    private final BodyHash hash = new BodyHash();

    /**
     * Creates a dispatcher.
     *
     * @param byTargetPrefix JSON services by what stands before the dot in {@code X-Amz-Target}
     * @param byVersion query services by their {@code Version}
     * @param callers who owns which key
     * @param faults what goes wrong
     * @param audit what is written down
     * @param clock simulated time
     * @param rate how many requests are let through
     */
    public Dispatcher(
            Map<String, ServiceApi> byTargetPrefix,
            Map<String, ServiceApi> byVersion,
            Callers callers,
            Faults faults,
            AuditLog audit,
            SimulatorClock clock,
            RequestRate rate) {
        this.byTargetPrefix = Map.copyOf(byTargetPrefix);
        this.byVersion = Map.copyOf(byVersion);
        this.callers = callers;
        this.faults = faults;
        this.audit = audit;
        this.clock = clock;
        this.rate = rate;
    }

    /** What is known of a request while it is worked on. */
    private static final class Facts {
        final WireRequest request;
        final ServiceApi api;
        final String operation;
        final ObjectNode input;
        final String requestId = UUID.randomUUID().toString();

        @Nullable
        Authorization authorization;

        @Nullable
        Caller caller;

        Faults.@Nullable Injected injected;
        Effect effect = Effect.NONE;
        String outcome = "OK";

        Facts(WireRequest request, ServiceApi api, String operation, ObjectNode input) {
            this.request = request;
            this.api = api;
            this.operation = operation;
            this.input = input;
        }
    }

    Delivery dispatch(WireRequest request) {
        Facts facts;
        try {
            facts = understand(request);
        } catch (ApiError e) {
            return Delivery.of(format.error(Protocol.JSON, e, UUID.randomUUID().toString(), false));
        }
        Delivery delivery = deliver(facts);
        record(facts, delivery);
        return delivery;
    }

    private Facts understand(WireRequest request) {
        String target = request.target();
        if (target != null) {
            int dot = target.indexOf('.');
            ServiceApi api = dot < 0 ? null : byTargetPrefix.get(target.substring(0, dot));
            if (api == null) {
                throw new ApiError(400, "UnknownOperationException", "No such service here: " + target);
            }
            return new Facts(request, api, target.substring(dot + 1), format.json(request.body()));
        }
        ObjectNode form = format.form(request.body());
        ServiceApi api = byVersion.get(form.path("Version").asText());
        if (api == null) {
            throw new ApiError(404, "UnknownOperationException", "Neither X-Amz-Target nor a known Version was sent.");
        }
        return new Facts(request, api, form.path("Action").asText(), form);
    }

    private Delivery deliver(Facts facts) {
        try {
            authenticate(facts);
            Fault fault = meetFault(facts);
            if (fault != null) {
                Delivery instead = instead(facts, fault);
                if (instead != null) {
                    return instead;
                }
            }
            Reply reply = run(facts, fault);
            return fault == null ? Delivery.of(reply) : afterwards(reply, facts, fault);
        } catch (ApiError e) {
            return Delivery.of(refuse(facts, e));
        } catch (RuntimeException e) {
            LOG.error("The simulator failed in {}", facts.operation, e);
            return Delivery.of(refuse(
                    facts, new ApiError(500, facts.api.internalError(), "The simulator failed: " + e.getClass())));
        }
    }

    private void authenticate(Facts facts) {
        if (facts.request.authorization() == null && facts.api.isUnsigned(facts.operation)) {
            return;
        }
        Authorization authorization = Authorization.parse(facts.request.authorization());
        facts.authorization = authorization;
        if (!authorization.service().equals(facts.api.signingName())) {
            throw new ApiError(
                    400,
                    "InvalidSignatureException",
                    "Credential should be scoped to correct service: '" + facts.api.signingName() + "'.");
        }
        facts.caller = callers.identify(authorization.accessKeyId(), facts.request.securityToken());
    }

    private @Nullable Fault meetFault(Facts facts) {
        Caller caller = facts.caller;
        facts.injected = faults.hit(new Faults.Request(
                facts.api.signingName(),
                facts.operation,
                region(facts),
                caller == null ? null : caller.account(),
                facts.api.target(facts.input)));
        return facts.injected == null ? null : facts.injected.fault();
    }

    private @Nullable Delivery instead(Facts facts, Fault fault) {
        ApiError refusal = FaultAnswers.refusal(fault, facts.api, facts.operation, facts.caller);
        if (refusal != null) {
            throw refusal;
        }
        return switch (fault.kind()) {
            case UNAVAILABLE_HTML -> {
                facts.outcome = "UNAVAILABLE";
                yield Delivery.of(FaultAnswers.unavailable());
            }
            case LOST_BEFORE, HANG_BEFORE -> {
                facts.outcome = "LOST";
                yield afterwards(FaultAnswers.unavailable(), facts, fault);
            }
            default -> null;
        };
    }

    private Reply run(Facts facts, @Nullable Fault fault) {
        Caller caller = facts.caller;
        String region = region(facts);
        rate.take(facts.api.signingName(), caller == null ? "" : caller.account(), region);
        FaultKind kind = fault == null ? null : fault.kind();
        if (fault != null && kind == FaultKind.WRONG_ACCOUNT && caller != null) {
            caller = caller.in(fault.otherAccount());
            facts.caller = caller;
        }
        Call call = new Call(
                caller,
                region,
                facts.operation,
                facts.input,
                fault != null && kind == FaultKind.STALE_READ ? clock.now().minus(fault.delay()) : null);
        try {
            Answer answer = facts.api.call(call);
            facts.effect = answer.effect();
            if (kind == FaultKind.UNKNOWN_VALUE) {
                FaultAnswers.fromTheFuture(answer.body());
                answer.body().put("simulatedFutureMember", "unknown to every SDK");
            }
            return format.result(facts.api.protocol(), facts.operation, answer.body(), facts.requestId);
        } catch (ApiError e) {
            return refuse(facts, e);
        }
    }

    private static Delivery afterwards(Reply reply, Facts facts, Fault fault) {
        return switch (fault.kind()) {
            case LOST_BEFORE, LOST_AFTER -> new Delivery(reply, Manner.NOTHING, null, null);
            case HANG_BEFORE, HANG_AFTER -> new Delivery(reply, Manner.NOTHING, facts.injected, null);
            case SLOW -> new Delivery(reply, Manner.WHOLE, facts.injected, fault.delay());
            case TRUNCATED -> new Delivery(reply, Manner.HALF, null, null);
            default -> Delivery.of(reply);
        };
    }

    private Reply refuse(Facts facts, ApiError error) {
        facts.outcome = WireFormat.code(facts.api.protocol(), error);
        return format.error(facts.api.protocol(), error, facts.requestId, facts.api.explainsErrors());
    }

    private void record(Facts facts, Delivery delivery) {
        Authorization authorization = facts.authorization;
        Caller caller = facts.caller;
        Faults.Injected injected = facts.injected;
        var _ = audit.add(sequence -> new AuditEntry(
                sequence,
                clock.now(),
                caller == null ? null : caller.account(),
                authorization == null ? null : authorization.accessKeyId(),
                authorization == null ? null : authorization.region(),
                facts.api.signingName(),
                facts.operation,
                facts.api.target(facts.input),
                facts.request.invocationId(),
                facts.request.attempt(),
                hash.of(facts.request.body()),
                delivery.sentStatus(),
                facts.outcome,
                facts.effect,
                injected == null ? null : injected.fault().kind().name(),
                facts.api.comment(facts.input),
                facts.request.body().length));
    }

    private static String region(Facts facts) {
        return facts.authorization == null ? "us-east-1" : facts.authorization.region();
    }
}
