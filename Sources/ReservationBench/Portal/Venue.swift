import Glibc
import ReservationCore
import ReservationWire

/// An organisation of a run's own, with slots and tickets that nothing else touches.
struct Venue: Sendable {
    let organization: UInt64
    let month: String
    private(set) var slots: [SlotMessage] = []
    private let administration: Administration

    /// Makes the organisation and its slots, so many a day from the first of the month after next on.
    init(slots count: Int, perDay: Int, on administration: Administration) async throws(BenchFailure) {
        self.administration = administration
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        organization = UInt64(now.tv_sec) * 1_000_000 + UInt64(now.tv_nsec) / 1000
        let firstDay = try Self.firstOfMonthAfterNext(now: Int64(now.tv_sec))
        month = firstDay.month.description
        _ = try await administration.ask(
            AddOrganization.self, AddOrganizationRequest(orq: organization, timeZone: "Etc/UTC", name: "Benchmark \(organization)"))
        try await makeSlots(count, perDay: perDay, from: firstDay)
        slots = try await listSlots()
        guard slots.count == count else { throw BenchFailure("\(count) slots were wanted, \(slots.count) were made") }
    }

    private static func firstOfMonthAfterNext(now: Int64) throws(BenchFailure) -> CalendarDate {
        guard let today = CalendarDate(dayNumber: Int(now / 86_400)) else { throw BenchFailure("The clock is wrong") }
        let (year, month, _) = today.components
        guard let day = CalendarDate(year: month > 10 ? year + 1 : year, month: (month + 1) % 12 + 1, day: 1) else {
            throw BenchFailure("The calendar ends")
        }
        return day
    }

    private func makeSlots(_ count: Int, perDay: Int, from firstDay: CalendarDate) async throws(BenchFailure) {
        let days = count / perDay
        if days > 0 { try await makeSlots(each: perDay, from: firstDay, days: days) }
        if count % perDay > 0, let last = firstDay.adding(days: days) { try await makeSlots(each: count % perDay, from: last, days: 1) }
    }

    private func makeSlots(each count: Int, from day: CalendarDate, days: Int) async throws(BenchFailure) {
        guard count <= 1439, let last = day.adding(days: days - 1) else {
            throw BenchFailure("There is no room for \(count) slots on a day")
        }
        let minutes = 1439 / count
        let times = (0..<count).compactMap { index -> TimeRange? in
            guard let start = Self.time(index * minutes), let end = Self.time((index + 1) * minutes) else { return nil }
            return TimeRange(startTime: start, endTime: end)
        }
        _ = try await administration.ask(
            GenerateSlots.self,
            GenerateSlotsRequest(
                orq: organization, totalCapacity: UInt64(Limits.slotCapacity), dateFrom: day, dateTo: last,
                weekdays: ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], times: times))
    }

    private static func time(_ minute: Int) -> TimeOfDay? { TimeOfDay(hour: minute / 60, minute: minute % 60) }

    /// As the daemon has them now.
    func listSlots() async throws(BenchFailure) -> [SlotMessage] {
        var listed: [SlotMessage] = []
        while true {
            let page = try await administration.ask(
                ListSlots.self,
                ListSlotsRequest(orq: organization, afterSlotID: listed.last?.slotID, limit: UInt64(Limits.slotsPerPage)))
            listed += page.slots
            guard page.more else { return listed }
        }
    }

    /// Issues tickets that can be reserved.
    func issueTickets(_ count: Int) async throws(BenchFailure) -> [TicketMessage] {
        var tickets: [TicketMessage] = []
        tickets.reserveCapacity(count)
        try await issueTickets(count) { tickets += $0 }
        return tickets
    }

    /// Issues tickets page by page, a few requests at a time so that they share commits.
    func issueTickets(_ count: Int, _ body: ([TicketMessage]) -> Void) async throws(BenchFailure) {
        var left = count
        while left > 0 {
            let pages = (0..<8).map { min(Limits.ticketsPerRequest, left - $0 * Limits.ticketsPerRequest) }.filter { $0 > 0 }
            let replies = await withTaskGroup(of: Result<[TicketMessage], BenchFailure>.self) { group in
                for page in pages {
                    group.addTask { await issuePage(page) }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            for reply in replies { body(try reply.get()) }
            left -= pages.reduce(0, +)
        }
    }

    private func issuePage(_ count: Int) async -> Result<[TicketMessage], BenchFailure> {
        do throws(BenchFailure) {
            let request = IssueTicketsRequest(orq: organization, productID: 5, orderID: 456, count: UInt64(count))
            return .success(try await administration.ask(IssueTickets.self, request).tickets)
        } catch {
            return .failure(error)
        }
    }
}
