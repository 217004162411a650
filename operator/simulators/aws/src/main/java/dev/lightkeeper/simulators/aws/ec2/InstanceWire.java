package dev.lightkeeper.simulators.aws.ec2;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lightkeeper.simulators.aws.ec2.InstanceView.Launch;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Instances as answers show them; members have the names of the XML. */
final class InstanceWire {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
    private static final String GROUP = "sg-0123456789abcdef0";
    private static final String VPC = "vpc-0123456789abcdef0";

    private InstanceWire() {}

    static String vpc() {
        return VPC;
    }

    static String time(Instant instant) {
        return TIME.format(instant);
    }

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    static ObjectNode state(InstanceState state) {
        return object().put("code", state.code()).put("name", state.wire());
    }

    static ObjectNode change(String id, InstanceState before, InstanceState after) {
        ObjectNode node = object().put("instanceId", id);
        node.set("currentState", state(after));
        node.set("previousState", state(before));
        return node;
    }

    static void reservations(List<InstanceView> instances, ArrayNode into) {
        Map<String, ObjectNode> all = new LinkedHashMap<>();
        for (InstanceView instance : instances) {
            ObjectNode reservation =
                    all.computeIfAbsent(instance.launch().reservationId(), id -> emptyReservation(instance));
            reservation.withArray("instancesSet").add(instance(instance));
        }
        all.values().forEach(into::add);
    }

    /** A reservation with its instances; there is at least one. */
    static ObjectNode reservation(List<InstanceView> instances) {
        ObjectNode reservation = emptyReservation(instances.getFirst());
        instances.forEach(instance -> reservation.withArray("instancesSet").add(instance(instance)));
        return reservation;
    }

    private static ObjectNode emptyReservation(InstanceView first) {
        ObjectNode reservation =
                object().put("reservationId", first.launch().reservationId()).put("ownerId", first.account());
        reservation.putArray("groupSet");
        reservation.putArray("instancesSet");
        return reservation;
    }

    private static ObjectNode instance(InstanceView instance) {
        Launch launch = instance.launch();
        ObjectNode node = object().put("instanceId", instance.id()).put("imageId", launch.imageId());
        node.set("instanceState", state(instance.state()));
        node.put(
                "privateDnsName",
                "ip-" + launch.privateIp().replace('.', '-') + "." + instance.region() + ".compute.internal");
        node.put("dnsName", instance.publicIp() == null ? "" : publicName(instance.publicIp(), instance.region()));
        node.put("reason", instance.stateReason() == null ? "" : "User initiated");
        node.put("amiLaunchIndex", launch.index());
        node.putArray("productCodes");
        node.put("instanceType", launch.type()).put("launchTime", time(launch.time()));
        node.putObject("placement")
                .put("availabilityZone", launch.zone())
                .put("groupName", "")
                .put("tenancy", "default");
        node.putObject("monitoring").put("state", "disabled");
        node.put("subnetId", launch.subnetId()).put("vpcId", VPC).put("privateIpAddress", launch.privateIp());
        if (instance.publicIp() != null) {
            node.put("ipAddress", instance.publicIp());
        }
        node.put("sourceDestCheck", true);
        node.putArray("groupSet").addObject().put("groupId", GROUP).put("groupName", "default");
        if (instance.stateReason() != null) {
            node.putObject("stateReason")
                    .put("code", instance.stateReason().code())
                    .put("message", instance.stateReason().message());
        }
        node.put("architecture", "x86_64").put("rootDeviceType", "ebs").put("rootDeviceName", "/dev/sda1");
        node.putArray("blockDeviceMapping");
        node.put("virtualizationType", "hvm").put("clientToken", launch.clientToken());
        ArrayNode tags = node.putArray("tagSet");
        instance.tags().forEach((key, value) -> tags.addObject().put("key", key).put("value", value));
        node.put("hypervisor", "xen");
        node.putArray("networkInterfaceSet");
        if (launch.profileArn() != null) {
            node.putObject("iamInstanceProfile").put("arn", launch.profileArn()).put("id", "AIPASIMULATED00000001");
        }
        return node.put("ebsOptimized", false)
                .put("enaSupport", true)
                .put("platformDetails", "Linux/UNIX")
                .put("usageOperation", "RunInstances");
    }

    private static String publicName(String ip, String region) {
        return "ec2-" + ip.replace('.', '-') + "." + region + ".compute.amazonaws.com";
    }
}
