package dev.lightkeeper.flow;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A change of a service on three hosts that run its first release, and a host that is not its own.
 *
 * @param section heading
 * @param given what is so in the world when it is declared
 * @param declared makes the change
 * @param happens what happens then
 * @param naming what its conditions say in the end, all of it
 * @param conditions Ready, Stalled, Degraded and Available, as {@link Scene.Seen} writes them; empty where that is not what
 *     the case is about
 * @param sent what hosts were told, in order; only these verbs where it is one word each
 */
record HostCase(
        String section,
        String title,
        Consumer<Flow> given,
        Consumer<Flow> declared,
        Consumer<Flow> happens,
        List<String> naming,
        String conditions,
        List<String> sent) {
    static final String NEW = "example.com/api:2";
    private static final List<String> AS_IT_COMES = List.of("inspect", "prepare", "activate", "rollback", "remove");
    static final String LATER = "example.com/api:3";

    static HostCase titled(String title) {
        return new HostCase(
                "",
                title,
                flow -> {},
                flow -> flow.set("/containers/0/image", NEW),
                flow -> {},
                List.of(),
                "",
                AS_IT_COMES);
    }

    HostCase in(String heading) {
        return new HostCase(heading, title, given, declared, happens, naming, conditions, sent);
    }

    HostCase given(Consumer<Flow> state) {
        return new HostCase(section, title, state, declared, happens, naming, conditions, sent);
    }

    HostCase declared(Consumer<Flow> change) {
        return new HostCase(section, title, given, change, happens, naming, conditions, sent);
    }

    HostCase happens(Consumer<Flow> event) {
        return new HostCase(section, title, given, declared, event, naming, conditions, sent);
    }

    HostCase tells(String conditionsAtTheEnd, String... words) {
        return new HostCase(section, title, given, declared, happens, List.of(words), conditionsAtTheEnd, sent);
    }

    HostCase sends(String... commands) {
        return new HostCase(section, title, given, declared, happens, naming, conditions, List.of(commands));
    }

    /** Until hosts were last told that. */
    static Consumer<Flow> whenSent(String command, Consumer<Flow> event) {
        return flow -> {
            flow.until(() -> flow.fleet.audit().getLast().equals(command));
            event.accept(flow);
        };
    }

    /** The world in which it was declared. */
    Flow begin() {
        Flow flow = Flow.onHosts(3);
        FakeHost stranger = flow.fleet.add("i-9");
        stranger.matches = false;
        flow.untilSteady();
        given.accept(flow);
        return flow;
    }

    /** What its hosts run, and nothing twice. */
    static Set<String> serving(Flow flow) {
        return flow.fleet.hosts().stream()
                .filter(host -> host.matches && host.state.equals("running"))
                .map(host -> "%s %s".formatted(host.current, host.running.values()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The images that run, host by host. */
    static List<String> images(Flow flow) {
        return flow.fleet.hosts().stream()
                .filter(host -> host.matches && host.state.equals("running"))
                .flatMap(host -> host.running.values().stream())
                .toList();
    }

    /** Whether hosts were told what is expected, and in that order. */
    boolean isWhatWasSent(List<String> commands) {
        Predicate<String> isVerb = expected -> !expected.contains(" ");
        return (!sent.isEmpty() && sent.stream().allMatch(isVerb))
                ? commands.stream().allMatch(command -> sent.contains(command.split(" ", 2)[0]))
                : sent.equals(commands);
    }

    @Override
    public String toString() {
        return section + ": " + title;
    }
}
