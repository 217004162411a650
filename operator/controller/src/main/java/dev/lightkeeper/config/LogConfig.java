package dev.lightkeeper.config;

/**
 * How the log is written.
 *
 * @param format text or json
 * @param level ERROR, WARN, INFO, DEBUG or TRACE
 * @param fromFile a file has a say, which Logback does not know of, and which may change
 */
public record LogConfig(String format, String level, boolean fromFile) {}
