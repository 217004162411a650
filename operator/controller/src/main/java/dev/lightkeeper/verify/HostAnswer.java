package dev.lightkeeper.verify;

import org.jspecify.annotations.Nullable;

/**
 * Where one host stands by what it answers.
 *
 * @param well null while nobody can say
 * @param message what is wrong, null when nothing is
 */
public record HostAnswer(@Nullable Boolean well, @Nullable String message) {}
