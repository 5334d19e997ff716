import NIOCore
import ReservationCore

extension ByteBuffer {
    /// The ten ASCII bytes of `YYYY-MM-DD`.
    ///
    /// - Returns: nil when they are not such, or no such day exists.
    func calendarDate(at index: Int) -> CalendarDate? {
        guard getInteger(at: index + 4, as: UInt8.self) == 0x2D, getInteger(at: index + 7, as: UInt8.self) == 0x2D,
            let year = digits(at: index, count: 4), let month = digits(at: index + 5, count: 2),
            let day = digits(at: index + 8, count: 2)
        else { return nil }
        return CalendarDate(year: year, month: month, day: day)
    }

    /// The eight ASCII bytes of `HH:MM:SS`.
    ///
    /// - Returns: nil when they are not such, or no such time exists.
    func timeOfDay(at index: Int) -> TimeOfDay? {
        guard getInteger(at: index + 2, as: UInt8.self) == 0x3A, getInteger(at: index + 5, as: UInt8.self) == 0x3A,
            let hour = digits(at: index, count: 2), let minute = digits(at: index + 3, count: 2),
            let second = digits(at: index + 6, count: 2)
        else { return nil }
        return TimeOfDay(hour: hour, minute: minute, second: second)
    }

    private func digits(at index: Int, count: Int) -> Int? {
        var value = 0
        for offset in 0..<count {
            guard let byte = getInteger(at: index + offset, as: UInt8.self), (0x30...0x39).contains(byte) else { return nil }
            value = value * 10 + Int(byte - 0x30)
        }
        return value
    }
}
