package dev.lightkeeper.simulators.aws.ec2;

import dev.lightkeeper.simulators.aws.audit.Effect;
import dev.lightkeeper.simulators.aws.ec2.InstanceView.Launch;
import dev.lightkeeper.simulators.aws.http.Answer;
import dev.lightkeeper.simulators.aws.http.ApiError;
import dev.lightkeeper.simulators.aws.http.QueryInput;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** New instances, by request or by hand. */
final class Launches {
    private static final String DEFAULT_TYPE = "m1.small";
    private static final int LONGEST_TOKEN = 64;

    private final Ec2World world;
    private final Lifecycle lifecycle;
    private final Random random;

    Launches(Ec2World world, Lifecycle lifecycle, Random random) {
        this.world = world;
        this.lifecycle = lifecycle;
        this.random = random;
    }

    Answer run(Place place, QueryInput input) {
        checkTemplate(input);
        String image = input.required("ImageId");
        int count = count(place, input);
        checkUserData(input);
        Map<String, String> tags = tags(input);
        String token = token(input);
        Map<String, String> parameters = new TreeMap<>(input.fields());
        parameters.remove("ClientToken");
        Place.Launched before = token.isEmpty() ? null : place.launches.get(token);
        if (before != null) {
            return again(place, before, parameters);
        }
        if (input.isTrue("DryRun")) {
            throw Refusals.dryRun();
        }
        if (place.outOfCapacity) {
            throw outOfCapacity();
        }
        String type = Objects.requireNonNullElse(input.text("InstanceType"), DEFAULT_TYPE);
        String zone = Objects.requireNonNullElse(input.text("Placement.AvailabilityZone"), place.region + "a");
        String subnet = Objects.requireNonNullElse(input.text("SubnetId"), "subnet-0123456789abcdef0");
        String reservation = id("r-");
        List<InstanceView> launched = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Launch launch = new Launch(
                    reservation,
                    i,
                    world.clock.now(),
                    image,
                    type,
                    zone,
                    subnet,
                    privateIp(),
                    token,
                    profile(place, input));
            Instance instance = new Instance(id("i-"), place, launch, tags);
            instance.isProtected = input.isTrue("DisableApiTermination");
            if (launch.profileArn() == null) {
                instance.agent = instance.agent.without();
            }
            place.instances.put(instance.id, instance);
            String failure = place.nextFailure;
            if (failure == null) {
                lifecycle.pending(instance, world.timings.visibility());
            } else {
                lifecycle.failing(instance, failure, world.timings.visibility());
            }
            launched.add(instance.view());
        }
        place.nextFailure = null;
        if (!token.isEmpty()) {
            place.launches.put(
                    token,
                    new Place.Launched(
                            parameters, launched.stream().map(InstanceView::id).toList()));
        }
        return new Answer(InstanceWire.reservation(launched), Effect.CREATED);
    }

    /** An instance that a person launches; reads show it at once. */
    Instance byHand(Place place, Map<String, String> tags) {
        Launch launch = new Launch(
                id("r-"),
                0,
                world.clock.now(),
                "ami-0123456789abcdef0",
                "t3.small",
                place.region + "a",
                "subnet-0123456789abcdef0",
                privateIp(),
                "",
                profileArn(place, "host"));
        Instance instance = new Instance(id("i-"), place, launch, tags);
        place.instances.put(instance.id, instance);
        lifecycle.pending(instance, Duration.ZERO);
        return instance;
    }

    static ApiError outOfCapacity() {
        return new ApiError(
                500,
                "InsufficientInstanceCapacity",
                "We currently do not have sufficient capacity in the Availability Zone you requested. Our system will"
                        + " be working on provisioning additional capacity.");
    }

    /** The same token and parameters: what was launched then, as it is now. */
    private static Answer again(Place place, Place.Launched before, Map<String, String> parameters) {
        if (!before.parameters().equals(parameters)) {
            throw new ApiError(
                    400,
                    "IdempotentParameterMismatch",
                    "The request uses the same client token as a previous, but non-identical request.");
        }
        List<InstanceView> views = before.instanceIds().stream()
                .map(place.instances::get)
                .filter(Objects::nonNull)
                .map(Instance::view)
                .toList();
        return Answer.read(InstanceWire.reservation(views));
    }

    private static void checkTemplate(QueryInput input) {
        String name = input.text("LaunchTemplate.LaunchTemplateName");
        if (name != null) {
            throw new ApiError(
                    400,
                    "InvalidLaunchTemplateName.NotFoundException",
                    "The specified launch template, with template name " + name + ", does not exist.");
        }
        String id = input.text("LaunchTemplate.LaunchTemplateId");
        if (id != null) {
            throw new ApiError(
                    400,
                    "InvalidLaunchTemplateId.NotFound",
                    "The specified launch template, with template ID " + id + ", does not exist.");
        }
    }

    private static int count(Place place, QueryInput input) {
        var _ = input.required("MinCount");
        var _ = input.required("MaxCount");
        int least = Objects.requireNonNullElse(input.integer("MinCount"), 0);
        int most = Objects.requireNonNullElse(input.integer("MaxCount"), 0);
        if (least < 1 || most < least) {
            throw Refusals.invalidValue("Value (" + least + ") for parameter minCount is invalid. It must be at least 1"
                    + " and at most maxCount.");
        }
        long free = place.instanceLimit
                - place.instances.values().stream()
                        .filter(instance -> instance.state != InstanceState.TERMINATED)
                        .count();
        if (free < least) {
            throw new ApiError(
                    400,
                    "InstanceLimitExceeded",
                    "You have requested more instances (" + least + ") than your current instance limit of "
                            + place.instanceLimit + " allows.");
        }
        return (int) Math.min(free, most);
    }

    private static void checkUserData(QueryInput input) {
        String data = input.text("UserData");
        if (data == null) {
            return;
        }
        try {
            var _ = Base64.getMimeDecoder().decode(data);
        } catch (IllegalArgumentException e) {
            throw Refusals.invalidValue("Invalid BASE64 encoding of user data.");
        }
    }

    private static Map<String, String> tags(QueryInput input) {
        Map<String, String> tags = new TreeMap<>();
        for (QueryInput specification : input.structures("TagSpecification")) {
            Map<String, String> named = TagOperations.tags(specification);
            if (specification.required("ResourceType").equals("instance")) {
                tags.putAll(named);
            }
        }
        TagOperations.checkCount(tags);
        return tags;
    }

    private static String token(QueryInput input) {
        String token = Objects.requireNonNullElse(input.text("ClientToken"), "");
        if (token.length() > LONGEST_TOKEN || token.chars().anyMatch(c -> c < 0x20 || c > 0x7e)) {
            throw Refusals.invalidValue("Invalid client token: it has at most " + LONGEST_TOKEN + " ASCII characters");
        }
        return token;
    }

    private static @Nullable String profile(Place place, QueryInput input) {
        String arn = input.text("IamInstanceProfile.Arn");
        String name = input.text("IamInstanceProfile.Name");
        return arn != null || name == null ? arn : profileArn(place, name);
    }

    private static String profileArn(Place place, String name) {
        return "arn:aws:iam::" + place.account + ":instance-profile/" + name;
    }

    private String id(String prefix) {
        byte[] bytes = new byte[9];
        random.nextBytes(bytes);
        return prefix + HexFormat.of().formatHex(bytes).substring(0, 17);
    }

    private String privateIp() {
        return "10.0." + random.nextInt(256) + "." + (4 + random.nextInt(250));
    }
}
