package dev.lightkeeper.api.v1alpha1;

/** Group and version of both kinds. */
public final class ApiGroup {
    public static final String NAME = "lightkeeper.dev";
    public static final String VERSION = "v1alpha1";

    private ApiGroup() {}
}
