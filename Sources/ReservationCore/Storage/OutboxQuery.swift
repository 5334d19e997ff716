/// Which entries of the outbox are wanted.
package struct OutboxQuery: Hashable, Sendable {
    package var organization: OrganizationID?
    /// As it stands at the moment of asking: a lease that is over is none.
    package var state: OutboxState?
    /// To this person only.
    package var person: PersonalSubject?
    /// Entries up to and including this one have been listed already.
    package var after: OutboxID?
    package var limit: Int

    package init(
        organization: OrganizationID? = nil, state: OutboxState? = nil, person: PersonalSubject? = nil, after: OutboxID? = nil, limit: Int
    ) {
        self.organization = organization
        self.state = state
        self.person = person
        self.after = after
        self.limit = limit
    }
}

/// One page of the outbox, in order of id.
package struct OutboxPage: Hashable, Sendable {
    package var entries: [OutboxEntry]
    /// Behind which entry the next page begins; nil after the last.
    package var next: OutboxID?

    package init(entries: [OutboxEntry], next: OutboxID? = nil) {
        self.entries = entries
        self.next = next
    }
}

/// How many messages stand how.
package struct OutboxStatistics: Hashable, Sendable {
    /// To be sent, those included that are leased.
    package var pending: Int
    /// Ever sent.
    package var sent: Int
    /// Given up, waiting for an operator.
    package var failed: Int
    /// Since when the oldest of those that are to be sent has been so.
    package var oldest: Instant?

    package init(pending: Int, sent: Int, failed: Int, oldest: Instant?) {
        self.pending = pending
        self.sent = sent
        self.failed = failed
        self.oldest = oldest
    }
}
