package org.countersign.benchmarks;

/** The parts that can be measured separately. */
enum BenchmarkPart {
    /** Sign requests compared with the peers, and the bytes per signature. */
    SIGN,
    /** A long log: publishing, counting and signing with it. */
    LOG,
    /** The whole chain at a steady rate. */
    CHAIN,
    /** Bursts right after a start. Not in the default. */
    COLD,
    /** A rolling restart of two instances under load. Not in the default. */
    RESTART,
    /** A rolling upgrade of all services from the previous release under load. Not in the default. */
    UPGRADE,
    /** The page and the call of confirmations beside sign calls and a static file. Not in the default. */
    CONFIRM,
    /** Replays of the history. Not in the default. */
    AUDIT,
    /** The cost of the public log. Not in the default. */
    TRANSPARENCY,
    /** Sign requests with a synchronous standby and three brokers, beside single servers. Not in the default. */
    CLUSTER,
    /** Many live viewers of one petition during confirmations. Not in the default. */
    VIEWERS,
    /** Requests for counts compared with a static file. Not in the default. */
    COUNTS,
    /** Requests for a petition's page, the front page and a search compared with a static file. Not in the default. */
    PAGES,
    /** The readers of an event's JSON. Not in the default. */
    PARSER,
    /** The time of a sign call for addresses of each status. Not in the default. */
    ANSWERS,
    /** Sign requests with all signing rules and signals, beside sign requests without. Not in the default. */
    RULES,
    /** Sign requests and the delay of the counts beside a case with many invalidations. Not in the default. */
    CASE,
    /** The search for a signer among many signatures, and the preview of a case. Not in the default. */
    FIND,
    /** What the limits per recipient cost a mail in the database. Not in the default. */
    MAILS
}
