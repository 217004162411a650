package dev.lightkeeper.plan;

import dev.lightkeeper.api.v1alpha1.AutomaticActKind;
import dev.lightkeeper.api.v1alpha1.HostCommandStatus;
import dev.lightkeeper.api.v1alpha1.HostStatus;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.api.v1alpha1.RollPhase;
import dev.lightkeeper.api.v1alpha1.RollStatus;
import dev.lightkeeper.desired.DesiredState;
import dev.lightkeeper.desired.DesiredState.Release;
import dev.lightkeeper.plan.hosts.RollRules;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One change of AWS. The same value feeds the executor, the plan in words, the event and the log. */
public sealed interface Action {
    /** Why. */
    Reason reason();

    /** What, in words that a person understands without the code; no values of environment variables. */
    String describe();

    /** Makes the container service, without a deployment. Billing starts. */
    record CreateService(String serviceName, String power, int scale, Map<String, String> tags, boolean ecrImagePuller)
            implements Action {
        public CreateService {
            tags = Map.copyOf(tags);
        }

        @Override
        public Reason reason() {
            return Reason.CreatingService;
        }

        @Override
        public String describe() {
            return "create container service %s (%s × %d)".formatted(serviceName, power, scale);
        }
    }

    /**
     * A new deployment: replaces everything that runs.
     *
     * @param revision the number it is recorded under
     * @param replacedImages what serves now, for the message; empty when nothing does
     * @param automatic which kind of deployment without a human it is, null when somebody asked for it
     * @param failureKey what a failure of this release is remembered by
     */
    record Deploy(
            String serviceName,
            String revision,
            Release release,
            Reason reason,
            List<String> replacedImages,
            @Nullable AutomaticActKind automatic,
            String failureKey)
            implements Action {
        public Deploy {
            replacedImages = List.copyOf(replacedImages);
        }

        @Override
        public String describe() {
            String images = String.join(", ", release.content().images().values());
            return replacedImages.isEmpty()
                    ? "deploy %s as revision %s".formatted(images, revision)
                    : "deploy %s as revision %s (was %s)"
                            .formatted(images, revision, String.join(", ", replacedImages));
        }
    }

    /**
     * Changes power or scale or both. Lightsail redeploys the running version without downtime.
     *
     * @param previous what is live, written as power × scale
     * @param limited the account's spending limit holds for it: it restores nothing that was there before
     */
    record UpdateCapacity(String serviceName, String power, int scale, String previous, Reason reason, boolean limited)
            implements Action {
        @Override
        public String describe() {
            return "change capacity to %s × %d (was %s)".formatted(power, scale, previous);
        }

        /** Whether the nodes become stronger or weaker, rather than only more or fewer. */
        public boolean changesPower() {
            return !previous.startsWith(power + " ");
        }
    }

    /**
     * Attaches and detaches domains and switches ECR access.
     *
     * @param publicDomainNames certificate name to domains; an empty list detaches the certificate
     * @param ecrImagePuller null leaves it as it is
     */
    record UpdateAccess(
            String serviceName,
            Map<String, List<String>> publicDomainNames,
            @Nullable Boolean ecrImagePuller) implements Action {
        public UpdateAccess {
            publicDomainNames = Map.copyOf(publicDomainNames);
        }

        @Override
        public Reason reason() {
            return Reason.DomainMismatch;
        }

        @Override
        public String describe() {
            return "change " + (publicDomainNames.isEmpty() ? "" : "domains ")
                    + (ecrImagePuller == null
                            ? ""
                            : (publicDomainNames.isEmpty() ? "" : "and ") + "private registry access ")
                    + "of " + serviceName;
        }
    }

    /** Sets and removes tags. */
    record ChangeTags(String serviceName, String arn, Map<String, String> set, Set<String> remove, Reason reason)
            implements Action {
        public ChangeTags {
            set = Map.copyOf(set);
            remove = Set.copyOf(remove);
        }

        @Override
        public String describe() {
            return "change tags of %s (set %s, remove %s)"
                    .formatted(serviceName, new java.util.TreeSet<>(set.keySet()), new java.util.TreeSet<>(remove));
        }
    }

    /**
     * Tells hosts, through SSM, to do one thing of a roll.
     *
     * @param command to whom and what; its id is what hosts remember
     * @param roll and hosts: what is remembered when it was not sent
     * @param fingerprint of the roll's revision
     * @param source where its release comes from, null where the command needs none of it
     */
    record CommandHosts(
            String serviceName,
            HostCommandStatus command,
            RollStatus roll,
            List<HostStatus> hosts,
            String fingerprint,
            @Nullable DesiredState source)
            implements Action {
        public CommandHosts {
            hosts = List.copyOf(hosts);
        }

        @Override
        public Reason reason() {
            return roll.phase() == RollPhase.TakingBack ? Reason.RollingBack : Reason.Deploying;
        }

        /** Whether it changes anything, rather than only asking. */
        public boolean changes() {
            return !command.verb().equals(RollRules.INSPECT);
        }

        @Override
        public String describe() {
            String revision = roll.phase() == RollPhase.TakingBack ? roll.servingRevision() : roll.revision();
            return "%s revision %s on %s".formatted(command.verb(), revision, String.join(", ", command.instanceIds()));
        }
    }

    /** Deletes the service with its images, history and URL, for good. */
    record DeleteService(String serviceName, String arn) implements Action {
        @Override
        public Reason reason() {
            return Reason.Deleting;
        }

        @Override
        public String describe() {
            return "delete container service " + serviceName;
        }
    }
}
