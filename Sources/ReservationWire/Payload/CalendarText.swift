import ReservationCore

extension CalendarDate {
    static let wireBytes = 10

    /// The ten ASCII bytes of `YYYY-MM-DD`.
    ///
    /// - Returns: nil when they are not such, or no such day exists.
    init?(wire bytes: UnsafeRawBufferPointer) {
        guard bytes.count == Self.wireBytes, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
            let year = bytes.decimal(0..<4), let month = bytes.decimal(5..<7), let day = bytes.decimal(8..<10)
        else { return nil }
        self.init(year: year, month: month, day: day)
    }

    /// - Parameter bytes: ten of them.
    func store(in bytes: UnsafeMutableRawBufferPointer) {
        let (year, month, day) = components
        bytes.storeDecimal(year, in: 0..<4)
        bytes[4] = UInt8(ascii: "-")
        bytes.storeDecimal(month, in: 5..<7)
        bytes[7] = UInt8(ascii: "-")
        bytes.storeDecimal(day, in: 8..<10)
    }
}

extension TimeOfDay {
    static let wireBytes = 8

    /// The eight ASCII bytes of `HH:MM:SS`.
    ///
    /// - Returns: nil when they are not such, or no such time exists.
    init?(wire bytes: UnsafeRawBufferPointer) {
        guard bytes.count == Self.wireBytes, bytes[2] == UInt8(ascii: ":"), bytes[5] == UInt8(ascii: ":"),
            let hour = bytes.decimal(0..<2), let minute = bytes.decimal(3..<5), let second = bytes.decimal(6..<8)
        else { return nil }
        self.init(hour: hour, minute: minute, second: second)
    }

    /// - Parameter bytes: eight of them.
    func store(in bytes: UnsafeMutableRawBufferPointer) {
        let total = Int(seconds)
        bytes.storeDecimal(total / 3600, in: 0..<2)
        bytes[2] = UInt8(ascii: ":")
        bytes.storeDecimal(total / 60 % 60, in: 3..<5)
        bytes[5] = UInt8(ascii: ":")
        bytes.storeDecimal(total % 60, in: 6..<8)
    }
}

extension UnsafeRawBufferPointer {
    /// - Returns: nil unless there are only ASCII digits.
    fileprivate func decimal(_ range: Range<Int>) -> Int? {
        var value = 0
        for index in range {
            let digit = self[index] &- UInt8(ascii: "0")
            guard digit <= 9 else { return nil }
            value = value * 10 + Int(digit)
        }
        return value
    }
}

extension UnsafeMutableRawBufferPointer {
    /// Fills the range with the last digits of `value`.
    fileprivate func storeDecimal(_ value: Int, in range: Range<Int>) {
        var rest = value
        var index = range.upperBound
        while index > range.lowerBound {
            index -= 1
            self[index] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
    }
}
