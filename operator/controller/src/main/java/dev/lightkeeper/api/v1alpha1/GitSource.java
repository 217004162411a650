package dev.lightkeeper.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/**
 * Code for Pm2. Whether revision names a tag can only be known at the repository: branch names that are told apart
 * are refused here.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record GitSource(
        @ValidationRule(
                value = "self.matches('^https://[A-Za-z0-9.-]+(:[0-9]+)?/[A-Za-z0-9._~/-]+$')",
                message = "repository is an https address without user and password, for example "
                        + "https://git.example.com/team/service.git; name a token with "
                        + "credentialsParameter")
        @JsonPropertyDescription("The https address of the repository.")
        @Required
        @Size(min = 1, max = 512)
        String repository,

        @ValidationRule(
                value = "self.matches('^[A-Za-z0-9][A-Za-z0-9._/+-]*$') && !self.contains('..')",
                message = "revision is a tag or a full commit hash")
        @ValidationRule(
                value =
                        "!self.matches('^(HEAD|main|master|trunk|dev|devel|develop|development|next|staging|production|release)$') "
                                + "&& !self.matches('^(refs/)?(heads|remotes|origin)/') && "
                                + "!self.matches('^(feature|bugfix|hotfix)/')",
                message =
                        "revision must be a tag or a full commit hash: a branch moves, so nobody could tell what runs")
        @ValidationRule(
                value = "!(self.matches('^[0-9a-f]{7,39}$') && self.matches('[a-f]') && self.matches('[0-9]'))",
                message = "an abbreviated commit hash is refused: give all 40 digits, or a tag")
        @JsonPropertyDescription("A tag or a full commit hash; a branch is refused.")
        @Required
        @Size(min = 1, max = 255)
        String revision,

        @JsonPropertyDescription(
                "Name of the SSM parameter that holds a read token; it is fetched on the host by the instance role.")
        @Size(min = 1, max = 1011)
        @Pattern("^/[A-Za-z0-9_./-]+$")
        @Nullable
        String credentialsParameter) {}
