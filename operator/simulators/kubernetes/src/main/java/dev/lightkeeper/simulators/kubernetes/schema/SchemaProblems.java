package dev.lightkeeper.simulators.kubernetes.schema;

import java.util.List;

final class SchemaProblems {
    private SchemaProblems() {}

    static List<FieldError> of(StructuralSchema root) {
        return List.of();
    }
}
