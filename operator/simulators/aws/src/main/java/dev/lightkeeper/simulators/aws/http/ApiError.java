package dev.lightkeeper.simulators.aws.http;

/** A refusal in AWS's vocabulary. Callers see status, code and message; the Java stack is never recorded. */
public final class ApiError extends RuntimeException {
    private final int status;
    private final String type;
    private final String code;

    /**
     * Creates an error.
     *
     * @param status HTTP status; AWS's Lightsail sends 400 for nearly everything
     * @param type the error code that clients classify by ({@code __type}, or {@code Code} in XML)
     * @param code Lightsail's second, finer code
     * @param message text for people
     */
    public ApiError(int status, String type, String code, String message) {
        super(message, null, false, false);
        this.status = status;
        this.type = type;
        this.code = code;
    }

    /**
     * Creates an error whose finer code is its type.
     *
     * @param status HTTP status
     * @param type the error code
     * @param message text for people
     */
    public ApiError(int status, String type, String message) {
        this(status, type, type, message);
    }

    /**
     * {@return Lightsail's error for input that is wrong, or not possible now}
     *
     * @param message text for people
     */
    public static ApiError invalidInput(String message) {
        return new ApiError(400, "InvalidInputException", message);
    }

    /**
     * {@return the error of most services for input that breaks a rule of their model}
     *
     * @param message text for people
     */
    public static ApiError validation(String message) {
        return new ApiError(400, "ValidationException", message);
    }

    /**
     * {@return Lightsail's error for something that does not exist}
     *
     * @param message text for people
     */
    public static ApiError notFound(String message) {
        return new ApiError(400, "NotFoundException", "DoesNotExist", message);
    }

    /**
     * {@return the error of a JSON protocol for a member of the wrong type}
     *
     * @param message text for people
     */
    public static ApiError serialization(String message) {
        return new ApiError(400, "SerializationException", message);
    }

    /** {@return HTTP status} */
    public int status() {
        return status;
    }

    /** {@return the code that clients classify by} */
    public String type() {
        return type;
    }

    /** {@return the finer code} */
    public String code() {
        return code;
    }

    /** {@return text for people, never null} */
    public String text() {
        String message = getMessage();
        return message == null ? "" : message;
    }
}
