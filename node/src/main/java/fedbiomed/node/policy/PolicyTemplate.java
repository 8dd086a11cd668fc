package fedbiomed.node.policy;

/** The {@code policy.yaml} of a new home: the defaults, in words for the person who is to change them. */
final class PolicyTemplate {
    private PolicyTemplate() {}

    static final String TEXT = """
            # What this node does for whom. The node reads this file again by itself whenever it changes; a mistake in it
            # stops all work until it is mended. Look at the result with:  fedbiomed node policy show
            # and try a changed copy before you put it here with:          fedbiomed node policy check FILE
            # Beside this, nobody may do anything whose fingerprint you have not trusted (fedbiomed node researcher trust),
            # and no training plan runs that you have not approved (fedbiomed node plan approve).

            # Researchers whom this node works for: all (that you trust), or a list such as [ana, ben].
            researchers: all

            # Trainings and tests that one researcher may have in a day: a number, or unlimited.
            rounds_a_day: 1000

            # How long this node works for one researcher in a day: such as 12h or 90m, or unlimited. What runs when the
            # time is spent is stopped.
            hours_a_day: 24h

            # Hours in which no work is done; what runs when they begin is stopped. Such as ["mon-fri 07:00-19:00"], or
            # ["22:00-06:00"], which ends on the next morning. [] is none.
            quiet_hours: []

            # The clock by which hours and days are meant: system (this machine's), or a name such as Europe/Paris.
            time_zone: system

            # Nothing leaves that is about fewer rows: datasets, training sets, held-out sets, values of a column.
            minimum_samples: 10

            # Whether metrics leave: losses and test results. If false, models are trained here but not measured.
            metrics_leave: true

            # Whether statistics of columns leave (counts, sums, sums of squares), which some plans ask for before the
            # first round.
            statistics_leave: true

            # Researchers whose plans run before you have read them, in a sandbox alone. Better none: [].
            unapproved_plans_from: []

            # Further rules for single datasets, by their name or id; the stricter of both holds. For example:
            # datasets:
            #   Heart clinic:
            #     researchers: [ana]
            #     rounds_a_day: 100
            #     metrics_leave: false
            """;
}
