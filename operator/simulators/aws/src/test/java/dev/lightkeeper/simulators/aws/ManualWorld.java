package dev.lightkeeper.simulators.aws;

import dev.lightkeeper.simulators.aws.application.Behaviour;
import dev.lightkeeper.simulators.aws.lightsail.Quotas;
import dev.lightkeeper.simulators.aws.lightsail.RegionControl;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import software.amazon.awssdk.services.lightsail.LightsailClient;
import software.amazon.awssdk.services.lightsail.model.ContainerService;

/** A world whose time only the test moves, seen through the SDK. */
abstract class ManualWorld {
    static final Instant START = Instant.parse("2026-11-22T00:00:00Z");
    static final String GOOD = "acme/app:1";
    static final String BAD = "acme/crash:1";

    final AwsSimulator aws;
    final LightsailClient client;

    ManualWorld() {
        this(Quotas.defaults());
    }

    ManualWorld(Quotas quotas) {
        aws = AwsSimulator.builder().manualClock(START).quotas(quotas).start();
        aws.catalogue()
                .put("acme/crash:*", Behaviour.builder().crashAfterSeconds(1).build());
        client = Sdk.lightsail(aws);
    }

    @AfterEach
    void close() {
        client.close();
        aws.close();
    }

    RegionControl region() {
        return aws.in(Sdk.REGION);
    }

    void pass(Duration time) {
        aws.clock().advance(time);
    }

    /** Long enough for a service, or a good or bad deployment, to come to rest. */
    void settle() {
        pass(Duration.ofMinutes(30));
    }

    ContainerService service(String name) {
        return client.getContainerServices(r -> r.serviceName(name))
                .containerServices()
                .getFirst();
    }

    void ready(String name) {
        Sdk.create(client, name);
        pass(Duration.ofMinutes(3));
    }

    void running(String name) {
        ready(name);
        Sdk.deploy(client, name, GOOD);
        settle();
    }
}
