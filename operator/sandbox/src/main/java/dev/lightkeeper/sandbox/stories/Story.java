package dev.lightkeeper.sandbox.stories;

import dev.lightkeeper.sandbox.Narrator;
import dev.lightkeeper.sandbox.Terminal;
import dev.lightkeeper.sandbox.World;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** An incident from end to end: break it, watch it being found, named and repaired. */
public enum Story {
    /** I1. */
    STALE_IMAGE("I1", "stale-image", "Somebody deploys an old image with an old configuration, and nobody notices"),
    /** I2. */
    SINGLE_REPLICA("I2", "single-replica", "A service runs on one node, so each crash is an outage"),
    /** I3. */
    MISSING_VARIABLE("I3", "missing-variable", "New code needs variables that the configuration does not have"),
    /** I4. */
    GREEN_BUT_NOT_READY(
            "I4", "green-but-not-ready", "Liveness answers 200 for hours, but the application never starts"),
    /** I5. */
    LOST_CORS("I5", "lost-cors", "A release loses its CORS headers: curl is content, browsers are not"),
    /** I6. */
    WRONG_PATH("I6", "wrong-path", "A manifest asks a path that never existed"),
    /** I7. */
    WRONG_ACCOUNT("I7", "wrong-account", "The credentials belong to another AWS account"),
    /** I8. */
    BAD_RELEASE("I8", "bad-release", "Going back to the release before is a page of manual steps"),
    /** I9. */
    CALM("I9", "calm", "Alerts that mean nothing teach people to ignore alerts"),
    /** I10. */
    CHECKS_NEVER_STOP("I10", "checks-never-stop", "Users see an outage before the monitoring does"),
    /** I11. */
    MISSED_CHECKS("I11", "missed-checks", "One missed health check fails a good deploy"),
    /** I6, on EC2. */
    WRONG_PATH_ON_HOSTS("I6 on EC2", "wrong-path-on-hosts", "A manifest asks hosts for a path that never existed"),
    /** I7, on EC2. */
    WRONG_ACCOUNT_ON_HOSTS(
            "I7 on EC2", "wrong-account-on-hosts", "The credentials belong to another AWS account than the hosts"),
    /** I11, on EC2. */
    MISSED_CHECKS_ON_HOSTS(
            "I11 on EC2", "missed-checks-on-hosts", "One missed health check fails a good deploy on a host"),
    /** I12. */
    REDEPLOY_BY_HAND(
            "I12",
            "redeploy-by-hand",
            "redeploy.sh in a session: the wrong user, a dirty tree, a process left stopped"),
    /** I14. */
    NO_DEBUG_LOOP("I14", "no-debug-loop", "The same failing step is tried again and again"),
    /** An incident that an operator could cause. */
    HOTFIX_IN_AN_OUTAGE(
            "Other hands", "hotfix-in-an-outage", "A person repairs an outage by hand, and automation takes it away"),
    /** The same by the manifest. */
    RELEASE_IN_AN_OUTAGE(
            "Other hands",
            "release-in-an-outage",
            "A release that is declared in an outage is taken back to what was down before"),
    /** What machines do while people sleep. */
    ROTATED_SECRET(
            "Other hands",
            "rotated-secret",
            "A password is rotated at night, and the release that was taken back comes with it");

    private final String incident;
    private final String title;
    private final String headline;

    /** What is done and what has to come of it. */
    @FunctionalInterface
    interface Script {
        void play(Stage stage) throws InterruptedException;
    }

    Story(String incident, String title, String headline) {
        this.incident = incident;
        this.title = title;
        this.headline = headline;
    }

    /** By its name or the number of its incident. */
    public static Optional<Story> named(String name) {
        return Arrays.stream(values())
                .filter(story -> story.title.equalsIgnoreCase(name) || story.incident.equalsIgnoreCase(name))
                .findFirst();
    }

    private Script script() {
        return switch (this) {
            case STALE_IMAGE -> new StaleImage();
            case SINGLE_REPLICA -> new SingleReplica();
            case MISSING_VARIABLE -> new MissingVariable();
            case GREEN_BUT_NOT_READY -> new GreenButNotReady();
            case LOST_CORS -> new LostCors();
            case WRONG_PATH -> new WrongPath();
            case WRONG_ACCOUNT -> new WrongAccount();
            case BAD_RELEASE -> new BadRelease();
            case CALM -> new Calm();
            case CHECKS_NEVER_STOP -> new ChecksNeverStop();
            case MISSED_CHECKS -> new MissedChecks();
            case WRONG_PATH_ON_HOSTS -> new WrongPathOnHosts();
            case WRONG_ACCOUNT_ON_HOSTS -> new WrongAccountOnHosts();
            case MISSED_CHECKS_ON_HOSTS -> new MissedChecksOnHosts();
            case REDEPLOY_BY_HAND -> new RedeployByHand();
            case NO_DEBUG_LOOP -> new NoDebugLoop();
            case HOTFIX_IN_AN_OUTAGE -> new HotfixInAnOutage();
            case RELEASE_IN_AN_OUTAGE -> new ReleaseInAnOutage();
            case ROTATED_SECRET -> new RotatedSecret();
        };
    }

    /** All names, for people. */
    public static String names() {
        return Arrays.stream(values()).map(Story::title).collect(Collectors.joining(", "));
    }

    /** A line for each: name, incident, what happens. */
    public static String list() {
        return Arrays.stream(values())
                .map(story -> "%-20s  %s. %s.".formatted(story.title, story.incident, story.headline))
                .collect(Collectors.joining("\n"));
    }

    /** Its name, as in {@code --story}. */
    public String title() {
        return title;
    }

    /**
     * Plays it in a namespace of its own.
     *
     * @return whether everything came true; what was missing has been told
     */
    public boolean play(World world, Terminal terminal) throws InterruptedException {
        String namespace = "story-" + title;
        terminal.say("");
        terminal.say(Terminal.Tone.STRONG, "%s. %s.".formatted(incident, headline));
        try (Stage stage = new Stage(world, terminal, namespace);
                Narrator _ = new Narrator(terminal, namespace::equals, world.sightings(), world.client())) {
            return play(stage, terminal);
        }
    }

    private boolean play(Stage stage, Terminal terminal) throws InterruptedException {
        try {
            script().play(stage);
            terminal.happened(Terminal.Tone.GOOD, "The story \"%s\" came true.".formatted(title));
            return true;
        } catch (StoryBroken e) {
            terminal.happened(Terminal.Tone.BAD, "The story \"%s\" did not come true.".formatted(title));
            terminal.say(Terminal.Tone.BAD, String.valueOf(e.getMessage()));
            stage.lastWords().forEach(terminal::say);
            return false;
        }
    }
}
