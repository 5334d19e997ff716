import ReservationWire
package enum SlotWatchEvent: Sendable { case began; case changed([SlotMessage]); case interrupted }
extension ReservationClient { package func watchSlots() -> AsyncStream<SlotWatchEvent> { AsyncStream { _ in } } }
