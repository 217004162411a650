package dev.lightkeeper.docs;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ApiReferenceTest {
    private static final String HEADER = """
            # API reference, v1alpha1

            Generated from the files in `crds/`; do not edit. Write it again with

            ```
            mvn -pl operator/controller -am test -Dtest=ApiReferenceTest -Dsurefire.failIfNoSpecifiedTests=false -Ddocs.update=true
            ```

            What the fields mean at run time is told in [concepts.md](concepts.md). A field that this version accepts and does not act on yet is listed in the [README](../README.md#status); using one ends in `Stalled/InvalidSpec` or is said there to have no effect.
            `kubectl explain sdep.spec` and `kubectl explain awsacct.spec` show the same text.

            """;

    @Test
    void theReferenceIsWhatTheCrdsSay() {
        Path crds = Documents.ROOT.resolve("crds");
        Documents.assertGenerated(
                Documents.DOCS.resolve("api.md"),
                HEADER
                        + ApiReference.of(crds.resolve("servicedeployments.lightkeeper.dev.yaml"))
                        + ApiReference.of(crds.resolve("awsaccounts.lightkeeper.dev.yaml"))
                                .stripTrailing()
                        + "\n");
    }
}
