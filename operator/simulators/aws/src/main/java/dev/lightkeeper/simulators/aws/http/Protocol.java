package dev.lightkeeper.simulators.aws.http;

/** The wire protocol of a service. */
public enum Protocol {
    /** AWS JSON 1.1: the operation is in {@code X-Amz-Target}. */
    JSON,
    /** AWS query: a form goes in, XML comes out. */
    QUERY,
    /** EC2's dialect of AWS query: flat lists, XML without a result element, errors in a form and with codes of its own. */
    EC2
}
