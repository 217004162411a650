package dev.lightkeeper.simulators.aws.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Who has a home folder on a host and a line in its {@code /etc/passwd}. Not safe for use by many threads. */
final class HostUsers {
    private final HostFolder folder;
    private final List<User> users = new ArrayList<>();

    HostUsers(HostFolder folder) {
        this.folder = folder;
    }

    private record User(String name, int uid, boolean mayUseDocker) {}

    void add(String name, boolean mayUseDocker) {
        users.add(new User(name, name.equals("root") ? 0 : 1000 + users.size(), mayUseDocker));
        write();
    }

    void remove(String name) {
        users.removeIf(user -> user.name().equals(name));
        write();
    }

    boolean mayUseDocker(String name) {
        return users.stream().anyMatch(user -> user.name().equals(name) && user.mayUseDocker());
    }

    /** The number of a user; -1 of nobody. */
    int uid(String name) {
        return users.stream()
                .filter(user -> user.name().equals(name))
                .findFirst()
                .map(User::uid)
                .orElse(-1);
    }

    private void write() {
        StringBuilder lines = new StringBuilder();
        try {
            for (User user : users) {
                Path home = folder.home(user.name());
                Files.createDirectories(home);
                lines.append("%s:x:%d:%d::%s:/bin/bash\n".formatted(user.name(), user.uid(), user.uid(), home));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        folder.write("etc/passwd", lines);
    }
}
