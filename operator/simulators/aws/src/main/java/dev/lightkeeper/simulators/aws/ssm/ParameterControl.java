package dev.lightkeeper.simulators.aws.ssm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lightkeeper.simulators.aws.host.ParameterSource;
import dev.lightkeeper.simulators.aws.http.Answer;
import dev.lightkeeper.simulators.aws.http.ApiError;
import dev.lightkeeper.simulators.aws.http.Input;
import java.util.List;
import java.util.function.Function;

/**
 * What a person does to the parameters of one account and region, past every client that is watched. Nothing of it is in
 * the audit log. Actions that AWS would refuse throw the same {@link ApiError}.
 */
public final class ParameterControl {
    private final SsmSimulation simulation;
    private final ParameterWrites writes;
    private final String account;
    private final String region;

    ParameterControl(SsmSimulation simulation, ParameterWrites writes, String account, String region) {
        this.simulation = simulation;
        this.writes = writes;
        this.account = account;
        this.region = region;
    }

    /** {@return all parameters, by name} */
    public List<ParameterView> parameters() {
        return locked(place ->
                place.parameters.values().stream().map(ParameterView::of).toList());
    }

    /**
     * Makes a parameter, or a further version of it.
     *
     * @param name of the parameter
     * @param type String, StringList or SecureString; a parameter keeps its type
     * @param value in clear
     * @return the new version
     */
    public long put(String name, String type, String value) {
        ObjectNode input = JsonNodeFactory.instance.objectNode();
        input.put("Name", name).put("Type", type).put("Value", value).put("Overwrite", true);
        return locked(place -> writes.put(place, read(input), "arn:aws:iam::" + account + ":root"))
                .body()
                .path("Version")
                .longValue();
    }

    /**
     * Reads as an instance does whose role may read every parameter.
     *
     * @param name with {@code :version} or {@code :label} behind it, or without for the latest
     * @return what comes of it
     */
    public ParameterSource.Reading read(String name) {
        ObjectNode input = JsonNodeFactory.instance.objectNode().put("WithDecryption", true);
        input.putArray("Names").add(name);
        try {
            JsonNode found = locked(place -> new ParameterReads().getAll(place, read(input), null))
                    .body()
                    .path("Parameters")
                    .path(0);
            return found.isMissingNode()
                    ? new ParameterSource.Missing()
                    : new ParameterSource.Value(
                            found.path("Value").asText(), found.path("Version").asLong());
        } catch (ApiError e) {
            return new ParameterSource.Denied();
        }
    }

    /**
     * Puts a label on a version, and takes it from the version that had it.
     *
     * @param name of the parameter
     * @param version that exists
     * @param label to put on it
     */
    public void label(String name, long version, String label) {
        ObjectNode input = JsonNodeFactory.instance.objectNode();
        input.put("Name", name)
                .put("ParameterVersion", version)
                .putArray("Labels")
                .add(label);
        Answer answer = locked(place -> writes.label(place, read(input)));
        if (!answer.body().path("InvalidLabels").isEmpty()) {
            throw ApiError.validation("The label is not valid: " + label);
        }
    }

    /**
     * Deletes a parameter with all its versions.
     *
     * @param name of the parameter
     */
    public void delete(String name) {
        ObjectNode input = JsonNodeFactory.instance.objectNode().put("Name", name);
        var _ = locked(place -> writes.delete(place, read(input)));
    }

    /**
     * Takes the right to decrypt away from every caller, or gives it back.
     *
     * @param keyId as parameters name it; {@code alias/aws/ssm} unless they do
     * @param denied whether decryption is denied
     */
    public void denyDecryption(String keyId, boolean denied) {
        var _ = locked(place -> denied ? place.deniedKeys.add(keyId) : place.deniedKeys.remove(keyId));
    }

    /**
     * Lets GetParametersByPath begin with a page that has a token and no parameters, as AWS sometimes does.
     *
     * @param empty whether it does
     */
    public void emptyFirstPage(boolean empty) {
        var _ = locked(place -> place.emptyFirstPage = empty);
    }

    private <T> T locked(Function<Place, T> action) {
        return simulation.locked(account, region, action);
    }

    private static Input read(ObjectNode input) {
        return new Input(input, ApiError::validation);
    }
}
