package dev.lightkeeper.simulators.aws.control;

import dev.lightkeeper.simulators.aws.ec2.Ec2Control;
import dev.lightkeeper.simulators.aws.ec2.Ec2Simulation;
import dev.lightkeeper.simulators.aws.ec2.InstanceView;
import dev.lightkeeper.simulators.aws.ssm.CommandControl;
import dev.lightkeeper.simulators.aws.ssm.SsmSimulation;
import java.util.List;
import java.util.Map;

/** What can be done to instances, their agents and their commands past the API. */
final class InstanceActions {
    private final Ec2Simulation ec2;
    private final SsmSimulation ssm;

    InstanceActions(Ec2Simulation ec2, SsmSimulation ssm) {
        this.ec2 = ec2;
        this.ssm = ssm;
    }

    List<InstanceView> list(Parameters parameters) {
        String region = parameters.text("region");
        return ec2.instances().stream()
                .filter(instance -> region == null || region.equals(instance.region()))
                .toList();
    }

    /** Ids are unique in a world, so that no region needs to be named. */
    InstanceView show(String id) {
        return ec2.instances().stream()
                .filter(instance -> instance.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new ControlFailure(404, "No such instance: " + id));
    }

    Object launch(Parameters parameters) {
        Ec2Control region = region(parameters);
        Map<String, String> tags = parameters.strings("tags");
        return region.instance("true".equals(parameters.text("running")) ? region.running(tags) : region.launch(tags));
    }

    Object act(String id, String action, Parameters parameters) {
        InstanceView instance = show(id);
        Ec2Control region = ec2.in(instance.account(), instance.region());
        switch (action) {
            case "start" -> region.start(id);
            case "stop" -> region.stop(id);
            case "terminate" -> region.terminate(id);
            case "tag" -> region.tag(id, parameters.required("key"), parameters.text("value"));
            case "protect" -> region.protect(id, parameters.isTrue("protected"));
            case "impair" -> region.impaired(id, parameters.isTrue("impaired"));
            case "agent-offline" -> region.agentOffline(id);
            case "agent-online" -> region.agentOnline(id);
            case "agent-version" -> region.agentVersion(id, parameters.required("version"));
            case "agent-remove" -> region.agentRemoved(id);
            default -> throw new ControlFailure(404, "No such action: " + action);
        }
        return show(id);
    }

    Object capacity(Parameters parameters) {
        Ec2Control region = region(parameters);
        if (parameters.has("refused")) {
            region.refuseCapacity(parameters.isTrue("refused"));
        }
        if (parameters.has("instances")) {
            region.instanceLimit(parameters.integer("instances", 0));
        }
        if (parameters.has("failNextLaunch")) {
            region.failNextLaunch(parameters.required("failNextLaunch"));
        }
        return Map.of("capacity", "set");
    }

    Object commands(Parameters parameters) {
        return commandControl(parameters).commands();
    }

    Object rights(Parameters parameters) {
        CommandControl commands = commandControl(parameters);
        if (parameters.has("instance")) {
            commands.deny(parameters.required("instance"), parameters.isTrue("denied"));
        }
        if (parameters.has("acceptStopped")) {
            commands.acceptStopped(parameters.isTrue("acceptStopped"));
        }
        return Map.of("rights", "set");
    }

    private Ec2Control region(Parameters parameters) {
        String region = parameters.required("region");
        String account = parameters.text("account");
        return account == null ? ec2.in(region) : ec2.in(account, region);
    }

    private CommandControl commandControl(Parameters parameters) {
        String region = parameters.required("region");
        String account = parameters.text("account");
        return account == null ? ssm.commands(region) : ssm.commands(account, region);
    }
}
