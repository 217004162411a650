package dev.lightkeeper.simulators.aws.http;

/**
 * Who signed a request.
 *
 * @param account twelve digits
 * @param arn of the user or of the assumed role's session
 * @param userId AWS's unique id
 */
public record Caller(String account, String arn, String userId) {
    /**
     * {@return the same user as if the key belonged to another account}
     *
     * @param other twelve digits
     */
    public Caller in(String other) {
        return new Caller(other, arn.replace("::" + account + ":", "::" + other + ":"), userId);
    }
}
