package dev.lightkeeper.lightsail;

import dev.lightkeeper.act.CloudWriter;
import dev.lightkeeper.api.v1alpha1.LightsailTarget;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.aws.AccountSession;
import dev.lightkeeper.aws.Accounts;
import dev.lightkeeper.aws.Admission;
import dev.lightkeeper.aws.AwsAnswer;
import dev.lightkeeper.desired.Content;
import dev.lightkeeper.desired.DesiredState;
import dev.lightkeeper.desired.SecretText;
import dev.lightkeeper.failure.Failure;
import dev.lightkeeper.observe.AccountCheck;
import dev.lightkeeper.plan.Action;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.lightsail.LightsailClient;
import software.amazon.awssdk.services.lightsail.model.ContainerService;
import software.amazon.awssdk.services.lightsail.model.PrivateRegistryAccessRequest;
import software.amazon.awssdk.services.lightsail.model.Tag;

/** Changes Lightsail, each call once. The account's rules are asked again before each, deletion included. */
public final class LightsailWriter implements CloudWriter {
    private static final String CREATE = "lightsail:CreateContainerService";
    private static final String UPDATE = "lightsail:UpdateContainerService";
    private static final String DEPLOY = "lightsail:CreateContainerServiceDeployment";
    private static final String TAG = "lightsail:TagResource";
    private static final String UNTAG = "lightsail:UntagResource";
    private static final String DELETE = "lightsail:DeleteContainerService";

    private final Accounts accounts;
    private final Bills bills;

    /** A writer without a memory of its own. */
    public LightsailWriter(Accounts accounts, Bills bills) {
        this.accounts = accounts;
        this.bills = bills;
    }

    @Override
    public Answer apply(DesiredState desired, Action action) {
        LightsailTarget target = desired.spec().lightsail();
        if (target == null) {
            return refused(new Failure.Terminal(Reason.InvalidSpec.name(), "the resource has no spec.lightsail"));
        }
        Admission admission = accounts.admit(desired, target.serviceName());
        return switch (admission) {
            case Admission.Granted granted -> paid(granted, target.serviceName(), action);
            case Admission.Withheld(AccountCheck.Refused(Reason reason, String message)) ->
                refused(new Failure.Denied(reason.name(), callOf(action), message));
            case Admission.Withheld(AccountCheck.Unavailable(Failure failure, String region)) -> refused(failure);
            case Admission.Withheld(AccountCheck.Verified check) ->
                throw new IllegalStateException("a verified account is never withheld");
        };
    }

    /** The plan has asked the same of the limit; it is asked again because others may have planned at the same time. */
    private Answer paid(Admission.Granted granted, String service, Action action) {
        boolean takes = action instanceof Action.CreateService
                || (action instanceof Action.UpdateCapacity update && update.limited());
        boolean fits = switch (action) {
            case Action.CreateService create -> bills.take(granted, service, create.power(), create.scale());
            case Action.UpdateCapacity update
            when takes -> bills.take(granted, service, update.power(), update.scale());
            default -> true;
        };
        if (!fits) {
            return refused(new Failure.Conflict(
                    Reason.SpendingLimitExceeded.name(),
                    "another increase in the account was first, and both together exceed its spending.maxMonthlyUsd"));
        }
        Answer answer = apply(new Way(granted.session(), granted.check().region()), granted.check(), action);
        if (takes
                && answer instanceof Answer.Refused(Failure failure)
                && !(failure instanceof Failure.Transient unanswered && unanswered.effectUnknown())) {
            bills.giveBack(granted, service);
        }
        return answer;
    }

    private Answer apply(Way way, AccountCheck.Verified check, Action action) {
        return switch (action) {
            case Action.CreateService create -> create(way, create);
            case Action.Deploy deploy -> deploy(way, deploy);
            case Action.UpdateCapacity update -> updateCapacity(way, update);
            case Action.UpdateAccess update -> updateAccess(way, update);
            case Action.ChangeTags change -> changeTags(way, change);
            case Action.DeleteService delete -> delete(way, check, delete);
            case Action.CommandHosts ignored -> throw new IllegalStateException("Lightsail has no hosts of ours");
        };
    }

    private Answer create(Way way, Action.CreateService create) {
        return way.change(
                CREATE,
                List.of(),
                client -> accepted(client.createContainerService(request -> {
                            request.serviceName(create.serviceName())
                                    .power(create.power())
                                    .scale(create.scale())
                                    .tags(tags(create.tags()));
                            if (create.ecrImagePuller()) {
                                request.privateRegistryAccess(imagePuller(true));
                            }
                        })
                        .containerService()));
    }

    private Answer deploy(Way way, Action.Deploy deploy) {
        Content content = deploy.release().content();
        return way.change(DEPLOY, LightsailContent.values(content), client -> {
            ContainerService service = client.createContainerServiceDeployment(
                            request -> request.serviceName(deploy.serviceName())
                                    .containers(LightsailContent.containers(content))
                                    .publicEndpoint(LightsailContent.endpoint(content)))
                    .containerService();
            Integer version = service == null || service.nextDeployment() == null
                    ? null
                    : service.nextDeployment().version();
            return new Answer.Accepted(service == null ? null : service.arn(), version);
        });
    }

    private Answer updateCapacity(Way way, Action.UpdateCapacity update) {
        return way.change(
                UPDATE,
                List.of(),
                client -> accepted(client.updateContainerService(request -> request.serviceName(update.serviceName())
                                .power(update.power())
                                .scale(update.scale()))
                        .containerService()));
    }

    private Answer updateAccess(Way way, Action.UpdateAccess update) {
        return way.change(
                UPDATE,
                List.of(),
                client -> accepted(client.updateContainerService(request -> {
                            request.serviceName(update.serviceName());
                            if (!update.publicDomainNames().isEmpty()) {
                                request.publicDomainNames(update.publicDomainNames());
                            }
                            Boolean puller = update.ecrImagePuller();
                            if (puller != null) {
                                request.privateRegistryAccess(imagePuller(puller));
                            }
                        })
                        .containerService()));
    }

    /** Sets before it removes, so that an owner's mark is never missing in between. */
    private Answer changeTags(Way way, Action.ChangeTags change) {
        Answer answer = new Answer.Accepted(change.arn(), null);
        if (!change.set().isEmpty()) {
            answer = way.change(TAG, List.of(), client -> {
                client.tagResource(request -> request.resourceName(change.serviceName())
                        .resourceArn(change.arn())
                        .tags(tags(change.set())));
                return new Answer.Accepted(change.arn(), null);
            });
        }
        Set<String> remove = change.remove();
        if (answer instanceof Answer.Refused || remove.isEmpty()) {
            return answer;
        }
        return way.change(UNTAG, List.of(), client -> {
            client.untagResource(request -> request.resourceName(change.serviceName())
                    .resourceArn(change.arn())
                    .tagKeys(remove));
            return new Answer.Accepted(change.arn(), null);
        });
    }

    private Answer delete(Way way, AccountCheck.Verified check, Action.DeleteService delete) {
        if (!check.deletionAllowed()) {
            return refused(new Failure.Denied(
                    Reason.AccessNotAllowed.name(),
                    DELETE,
                    "the AwsAccount's access.allowDeletion does not allow deletion"));
        }
        return way.change(DELETE, List.of(), client -> {
            client.deleteContainerService(request -> request.serviceName(delete.serviceName()));
            return new Answer.Accepted(delete.arn(), null);
        });
    }

    /** Where the calls go. */
    private final class Way {
        private final AccountSession session;
        private final String region;

        private Way(AccountSession session, String region) {
            this.session = session;
            this.region = region;
        }

        private Answer change(String action, List<SecretText> sent, Function<LightsailClient, Answer.Accepted> call) {
            return switch (session.change(region, action, sent, call)) {
                case AwsAnswer.Answered<Answer.Accepted>(Answer.Accepted accepted) -> accepted;
                case AwsAnswer.Failed<Answer.Accepted>(Failure failure) -> {
                    accounts.noticed(session, failure);
                    yield refused(Accounts.blamed(failure));
                }
            };
        }
    }

    private static Answer.Accepted accepted(@Nullable ContainerService service) {
        return new Answer.Accepted(service == null ? null : service.arn(), null);
    }

    private static Answer refused(Failure failure) {
        return new Answer.Refused(failure);
    }

    private static String callOf(Action action) {
        return switch (action) {
            case Action.CreateService create -> CREATE;
            case Action.Deploy deploy -> DEPLOY;
            case Action.UpdateCapacity update -> UPDATE;
            case Action.UpdateAccess update -> UPDATE;
            case Action.ChangeTags change -> TAG;
            case Action.DeleteService delete -> DELETE;
            case Action.CommandHosts ignored -> throw new IllegalStateException("Lightsail has no hosts of ours");
        };
    }

    private static List<Tag> tags(Map<String, String> tags) {
        return tags.entrySet().stream()
                .map(tag ->
                        Tag.builder().key(tag.getKey()).value(tag.getValue()).build())
                .toList();
    }

    private static PrivateRegistryAccessRequest imagePuller(boolean active) {
        return PrivateRegistryAccessRequest.builder()
                .ecrImagePullerRole(role -> role.isActive(active))
                .build();
    }
}
