package dev.lightkeeper.sandbox;

import java.io.Console;
import java.io.PrintStream;
import java.util.Locale;
import java.util.Optional;

/** Where the story is told: lines with the time since the start, wrapped, in colour only for a person. */
public final class Terminal {
    private static final int WIDTH = 118;
    private static final String INDENT = " ".repeat(12);

    private final PrintStream out;
    private final boolean colour;

    /** What a line is about. */
    public enum Tone {
        /** Neither. */
        PLAIN(""),
        /** As it should be. */
        GOOD("32"),
        /** Not as it should be. */
        BAD("31"),
        /** What is being done. */
        BUSY("36"),
        /** Headings. */
        STRONG("1"),
        /** What may be skipped. */
        FAINT("2");

        private final String code;

        Tone(String code) {
            this.code = code;
        }
    }

    Terminal(PrintStream out, boolean colour) {
        this.out = out;
        this.colour = colour;
    }

    static Terminal standard() {
        boolean wanted = System.getenv("NO_COLOR") == null && !"dumb".equals(System.getenv("TERM"));
        return new Terminal(System.out, interactive() && wanted);
    }

    /** Whether a person reads it. */
    static boolean interactive() {
        return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
    }

    /** Without colour, for tests. */
    public static Terminal plain(PrintStream out) {
        return new Terminal(out, false);
    }

    /** A line without time. */
    public void say(Tone tone, String text) {
        emit(paint(tone, text));
    }

    /** A line without time. */
    public void say(String text) {
        say(Tone.PLAIN, text);
    }

    /** Something that happened now. */
    public void happened(Tone tone, String text) {
        double seconds = Footprint.age().toMillis() / 1000.0;
        StringBuilder lines = new StringBuilder();
        int width = WIDTH - INDENT.length();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ", -1)) {
            if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
                lines.append(paint(tone, line.toString()))
                        .append('\n')
                        .append(INDENT)
                        .append("    ");
                line.setLength(0);
                width = WIDTH - INDENT.length() - 4;
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.append(paint(tone, line.toString()));
        emit(paint(Tone.FAINT, String.format(Locale.ROOT, "%8.1f s  ", seconds)) + lines);
    }

    private synchronized void emit(String text) {
        out.println(text);
        out.flush();
    }

    private String paint(Tone tone, String text) {
        return colour && !tone.code.isEmpty() ? "\u001b[" + tone.code + "m" + text + "\u001b[0m" : text;
    }
}
