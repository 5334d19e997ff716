/// What is wrong right now, in words: the card's alerts (section 7) and what an operator of this design must know, as the rules for
/// Prometheus have them, seen from here.
struct StatusFinding: Sendable, Equatable {
    enum Weight: String, Sendable {
        /// Visitors suffer now.
        case bad
        /// They will, or a few do.
        case warning
    }

    let weight: Weight
    let text: String

    private init(_ weight: Weight, _ text: String) {
        self.weight = weight
        self.text = text
    }

    static func all(_ figures: StatusFigures, _ history: MetricsHistory) -> [StatusFinding] {
        guard figures.isDaemonUp else {
            return [
                StatusFinding(
                    .bad,
                    "The daemon does not answer, so nobody can book. See whether it runs: systemctl status reservationd, "
                        + "journalctl -u reservationd."
                )
            ]
        }
        return storage(figures) + visitors(figures, history) + mail(figures)
    }

    private static func storage(_ figures: StatusFigures) -> [StatusFinding] {
        var found: [StatusFinding] = []
        if figures.isWritable == false {
            found.append(
                StatusFinding(.bad, "The database takes no writes: bookings are refused, reading goes on. Free space on its file system."))
        }
        if let free = figures.diskFree, free < 1_073_741_824 {
            found.append(
                StatusFinding(
                    .warning, "Only \(StatusText.bytes(free)) are left on the database's file system. Free some before it is full."))
        }
        if let depth = figures.queueDepth, depth > 4096 {
            found.append(StatusFinding(.warning, "\(StatusText.number(depth)) requests wait for the ledger: more is asked than it can do."))
        }
        let groups = figures.committed + figures.rolledBack
        if groups >= 20, figures.rolledBack > 0.05 * groups {
            found.append(
                StatusFinding(
                    .warning,
                    "\(StatusText.percent(figures.rolledBack, of: groups)) of the groups since the daemon began were rolled back. "
                        + "Look into its log."))
        }
        return found
    }

    private static func visitors(_ figures: StatusFigures, _ history: MetricsHistory) -> [StatusFinding] {
        var found: [StatusFinding] = []
        if let quarter = history.growth(over: 900) {
            let all = quarter.validated + quarter.refusedCodes
            if all >= 20, quarter.refusedCodes > 0.2 * all {
                found.append(
                    StatusFinding(
                        .warning,
                        "\(StatusText.percent(quarter.refusedCodes, of: all)) of the codes of the last 15 minutes were refused: "
                            + "somebody guesses, or visitors do not understand what to enter."))
            }
        }
        if let hour = history.growth(over: 3600), hour.attempts >= 20, hour.slotFull > 0.15 * hour.attempts {
            found.append(
                StatusFinding(
                    .warning,
                    "\(StatusText.percent(hour.slotFull, of: hour.attempts)) of the last hour's attempts met a full slot: capacity is short."
                ))
        }
        if let slow = figures.creationLatency.quantile(0.95), slow > 2 {
            found.append(
                StatusFinding(.warning, "Of the reservations since the start one in twenty took more than \(StatusText.seconds(slow))."))
        }
        return found
    }

    private static func mail(_ figures: StatusFigures) -> [StatusFinding] {
        var found: [StatusFinding] = []
        switch figures.isMailerPaused {
        case nil: found.append(StatusFinding(.warning, "No mailer reports: confirmations wait until one runs."))
        case true?:
            found.append(
                StatusFinding(
                    .bad, "The mailer sends nothing: its credentials or its sender are refused. Look into its log and mend them."))
        case false?: break
        }
        if let age = figures.outboxAge, age > 900 {
            found.append(StatusFinding(.warning, "The oldest confirmation has been waiting for \(StatusText.seconds(age))."))
        }
        let ended = figures.mailsSent + figures.mailsFailed
        if ended >= 20, figures.mailsFailed > 0.05 * ended {
            found.append(
                StatusFinding(.warning, "\(StatusText.percent(figures.mailsFailed, of: ended)) of the confirmations could not be sent."))
        }
        if let letters = figures.deadLetters, letters > 0 {
            found.append(
                StatusFinding(
                    .warning,
                    "\(StatusText.number(letters)) confirmations were given up: reservationctl outbox list --status FAILED, "
                        + "then outbox retry."))
        }
        return found
    }
}
