package dev.lightkeeper.simulators.kubernetes.resource;

/**
 * A printer column.
 *
 * @param name        of the column
 * @param type        OpenAPI type, or {@code date}
 * @param number      whether a built-in's cells are numbers whatever the type says
 * @param format      of the type; may be empty
 * @param description may be empty
 * @param priority    0 for the ordinary view, more for the wide one
 * @param content     JSON path of a CRD's column, or the cell template of a built-in's
 */
public record Column(
        String name, String type, boolean number, String format, String description, int priority, String content) {}
