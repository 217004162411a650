package dev.lightkeeper.ec2;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.lightkeeper.aws.AccountSession;
import dev.lightkeeper.aws.AwsWorld;
import dev.lightkeeper.aws.CallLimits;
import dev.lightkeeper.aws.FleetCache;
import dev.lightkeeper.observe.Observed;
import dev.lightkeeper.plan.Timings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Lists that go on after the pages that are read of them: what is not on these may be on a later one. */
@NullUnmarked
class LongListsTest {
    private static final String IDENTITY = """
            <GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
            <Arn>arn:aws:iam::123456789012:user/operator</Arn><UserId>AIDA</UserId><Account>123456789012</Account>
            </GetCallerIdentityResult></GetCallerIdentityResponse>""";
    private static final String INSTANCE = """
            <DescribeInstancesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><reservationSet><item><instancesSet>
            <item><instanceId>i-0123456789abcdef0</instanceId></item>
            </instancesSet></item></reservationSet></DescribeInstancesResponse>""";
    private static final Map<String, String> BY_TARGET = Map.of(
            "AmazonSSM.ListCommands", "{\"Commands\":[],\"NextToken\":\"%d\"}",
            "AmazonSSM.DescribeInstanceInformation", "{\"InstanceInformationList\":[],\"NextToken\":\"%d\"}");

    private final AtomicInteger page = new AtomicInteger();
    private HttpServer aws;
    private AwsWorld world;
    private AccountSession session;

    @BeforeEach
    void begin() throws IOException {
        aws = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        aws.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        aws.createContext("/", this::answer);
        aws.start();
        world = new AwsWorld(URI.create("http://127.0.0.1:" + aws.getAddress().getPort()));
        session = world.gate
                .session("default", world.accounts.get("default").getSpec())
                .orElseThrow();
    }

    @AfterEach
    void end() {
        world.close();
        aws.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String request = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
        String target = Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst("X-Amz-Target"), "");
        String text = request.contains("Action=GetCallerIdentity")
                ? IDENTITY
                : BY_TARGET.getOrDefault(target, INSTANCE).formatted(page.incrementAndGet());
        byte[] body = text.getBytes(UTF_8);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Test
    void aCommandThatMayBeOnALaterPageIsNotAbsent() {
        Commands commands = new Commands(world.gate, Timings.standard(), world.clock);
        assertThat(commands.find(session, AwsWorld.REGION, "uid.1.1", world.clock.instant()))
                .isInstanceOf(Observed.Unknown.class);
        assertThat(page).as("pages are not read for ever").hasValueLessThan(100);
    }

    @Test
    void anAgentThatMayBeOnALaterPageIsNotAway() {
        Instances instances =
                new Instances(world.gate, CallLimits.standard(), Timings.standard(), world.clock, new Random(1));
        assertThat(instances.of(session, AwsWorld.REGION, Map.of())).isInstanceOf(FleetCache.Fleet.Unlisted.class);
    }
}
