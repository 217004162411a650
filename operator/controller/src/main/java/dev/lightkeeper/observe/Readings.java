package dev.lightkeeper.observe;

/** Hears of what is read on an account's budget, so that it can be told how old the things are that it brings. */
public interface Readings {
    /** For whoever tells nobody. */
    Readings UNHEARD = new Readings() {
        @Override
        public void wanted(Kind kind, Object of) {}

        @Override
        public void made(Kind kind, Object of) {}
    };

    /** What is read so. */
    enum Kind {
        LOG,
        IMAGES
    }

    /**
     * It would be of use to know more now.
     *
     * @param of what is read; equal for the same
     */
    void wanted(Kind kind, Object of);

    /** All that AWS had was read. */
    void made(Kind kind, Object of);
}
