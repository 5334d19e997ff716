import NIOCore
import ReservationCore
import ReservationWire

/// `GET /api/reservation-slots/events?month=YYYY-MM`: a month's slots, whenever one of them changes.
extension Gateway {
    func slotEvents(_ exchange: Exchange) async throws(PublicFailure) -> Reply {
        let months = exchange.target.values("month")
        guard months.count == 1, let month = months.first.flatMap({ YearMonth($0) }) else {
            throw .invalidRequest("month", "must be given once, as a month like 2025-11, years 2000 to 2199")
        }
        let topic = SlotTopic(organization: try await profile(exchange).id, month: month)
        guard let seat = broadcast.takeSeat(topic) else { throw .tooManyPages }
        return Reply(events: seat)
    }
}

extension PublicFailure {
    /// The page then asks from time to time instead.
    static let tooManyPages: PublicFailure = {
        var failure = PublicFailure(.unavailable, ErrorReply(message: ""), of: nil)
        failure.message = "Too many pages are being kept up to date. Ask for the calendar from time to time instead."
        failure.retryAfter = 60
        return failure
    }()
}
