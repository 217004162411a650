package dev.lightkeeper.simulators.aws.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Results and errors as XML, in the dialects of STS and of EC2. */
final class XmlFormat {
    private static final String STS_NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/";
    private static final String EC2_NAMESPACE = "http://ec2.amazonaws.com/doc/2016-11-15/";

    /** How a dialect spells an error of the JSON protocols; a status of 0 leaves it as it is. */
    private record Spelling(String code, int status) {}

    private static final Map<String, Spelling> QUERY_SPELLINGS = Map.of(
            "ThrottlingException", new Spelling("Throttling", 0),
            "AccessDeniedException", new Spelling("AccessDenied", 403),
            "ExpiredTokenException", new Spelling("ExpiredToken", 403),
            "UnrecognizedClientException", new Spelling("InvalidClientTokenId", 403),
            "MissingAuthenticationTokenException", new Spelling("MissingAuthenticationToken", 403),
            "IncompleteSignatureException", new Spelling("IncompleteSignature", 0),
            "ServiceException", new Spelling("InternalFailure", 0));
    private static final Map<String, Spelling> EC2_SPELLINGS = Map.of(
            "ThrottlingException", new Spelling("RequestLimitExceeded", 503),
            "AccessDeniedException", new Spelling("UnauthorizedOperation", 403),
            "ExpiredTokenException", new Spelling("RequestExpired", 400),
            "UnrecognizedClientException", new Spelling("AuthFailure", 401),
            "MissingAuthenticationTokenException", new Spelling("MissingAuthenticationToken", 403),
            "IncompleteSignatureException", new Spelling("IncompleteSignature", 400),
            "InvalidSignatureException", new Spelling("SignatureDoesNotMatch", 403));

    private XmlFormat() {}

    /** The error code as a dialect spells it. */
    static String code(Protocol dialect, ApiError error) {
        return spelling(dialect, error).code();
    }

    static Reply result(Protocol dialect, String operation, ObjectNode result, String requestId) {
        StringBuilder xml = new StringBuilder();
        xml.append('<').append(operation).append("Response xmlns=\"");
        if (dialect == Protocol.EC2) {
            xml.append(EC2_NAMESPACE).append("\"><requestId>").append(requestId).append("</requestId>");
            appendMembers(xml, result);
        } else {
            xml.append(STS_NAMESPACE).append("\"><").append(operation).append("Result>");
            appendMembers(xml, result);
            xml.append("</").append(operation).append("Result><ResponseMetadata><RequestId>");
            xml.append(requestId).append("</RequestId></ResponseMetadata>");
        }
        xml.append("</").append(operation).append("Response>");
        return reply(200, xml.toString(), requestId);
    }

    static Reply error(Protocol dialect, ApiError error, String requestId) {
        Spelling spelling = spelling(dialect, error);
        int status = spelling.status() == 0 ? error.status() : spelling.status();
        String code = "<Code>" + escaped(spelling.code()) + "</Code>";
        String message = "<Message>" + escaped(error.text()) + "</Message>";
        String xml = dialect == Protocol.EC2
                ? "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response><Errors><Error>" + code + message
                        + "</Error></Errors><RequestID>" + requestId + "</RequestID></Response>"
                : "<ErrorResponse xmlns=\"" + STS_NAMESPACE + "\"><Error><Type>"
                        + (status < 500 ? "Sender" : "Receiver") + "</Type>" + code + message
                        + "</Error><RequestId>" + requestId + "</RequestId></ErrorResponse>";
        return reply(status, xml, requestId);
    }

    private static Spelling spelling(Protocol dialect, ApiError error) {
        Map<String, Spelling> spellings = dialect == Protocol.EC2 ? EC2_SPELLINGS : QUERY_SPELLINGS;
        return spellings.getOrDefault(error.type(), new Spelling(error.type(), 0));
    }

    private static Reply reply(int status, String xml, String requestId) {
        return new Reply(
                status, "text/xml", Map.of("x-amzn-RequestId", requestId), xml.getBytes(StandardCharsets.UTF_8));
    }

    private static void appendMembers(StringBuilder xml, ObjectNode object) {
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            append(xml, member.getKey(), member.getValue());
        }
    }

    private static void append(StringBuilder xml, String name, JsonNode value) {
        xml.append('<').append(name).append('>');
        switch (value) {
            case ObjectNode nested -> appendMembers(xml, nested);
            case ArrayNode list -> list.forEach(element -> append(xml, "item", element));
            default -> xml.append(escaped(value.asText()));
        }
        xml.append("</").append(name).append('>');
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
