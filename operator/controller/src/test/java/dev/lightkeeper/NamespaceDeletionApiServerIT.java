package dev.lightkeeper;

import org.junit.jupiter.api.AfterEach;

/** The same on a real kube-apiserver. */
@OneAtATime
class NamespaceDeletionApiServerIT extends NamespaceDeletionIT {
    @Override
    Cluster cluster() {
        return KubeApiServer.shared();
    }

    @Override
    Invalid invalid() {
        return Invalid.PATTERN;
    }

    /** The next test wants the CRDs as they were. */
    @Override
    @AfterEach
    void stop() {
        super.stop();
        NewerVersion.undo(cluster());
    }
}
