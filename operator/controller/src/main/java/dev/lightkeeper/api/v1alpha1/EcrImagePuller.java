package dev.lightkeeper.api.v1alpha1;

/** Whether Lightsail may pull from private ECR repositories. */
public enum EcrImagePuller {
    Disabled,
    Enabled
}
