import Logging

/// The facts of an entry, as a list: a request has one to five lines, and a dictionary for each would cost more than all else about them.
///
/// Of two values under one key the later counts.
package struct LogFields: Sendable, ExpressibleByDictionaryLiteral, CustomStringConvertible {
    private(set) var list: [(LogKey, String)]

    package init(dictionaryLiteral elements: (LogKey, String)...) {
        list = elements
    }

    package subscript(key: LogKey) -> String? {
        get { list.last { $0.0 == key }?.1 }
        set {
            list.removeAll { $0.0 == key }
            if let newValue { list.append((key, newValue)) }
        }
    }

    /// In ``LogKey``'s order, each key once. Callers mostly have it already.
    var ordered: [(LogKey, String)] {
        var isOrdered = true
        for index in list.indices.dropFirst() where list[index].0.rawValue <= list[index - 1].0.rawValue { isOrdered = false }
        guard !isOrdered else { return list }
        var ordered: [(LogKey, String)] = []
        ordered.reserveCapacity(list.count)
        for (key, value) in list {
            let place = ordered.firstIndex { $0.0.rawValue >= key.rawValue } ?? ordered.endIndex
            if place < ordered.endIndex, ordered[place].0 == key {
                ordered[place].1 = value
            } else {
                ordered.insert((key, value), at: place)
            }
        }
        return ordered
    }

    package var description: String { ordered.map { key, value in "\(key.name)=\(value)" }.joined(separator: " ") }

    // MARK: the way through swift-log

    /// The one key under which the whole list passes swift-log, whose metadata is a dictionary.
    static let carrier = "fields"

    var metadata: Logger.Metadata { [Self.carrier: .stringConvertible(self)] }

    /// The list that ``metadata`` made, if `metadata` is that.
    static func carried(by metadata: Logger.Metadata) -> LogFields? {
        guard metadata.count == 1, case .stringConvertible(let value) = metadata[carrier] else { return nil }
        return value as? LogFields
    }

    /// What a handler was given, with the fields under their own names.
    package static func unfolded(_ metadata: Logger.Metadata?) -> Logger.Metadata {
        guard let metadata else { return [:] }
        guard let fields = carried(by: metadata) else { return metadata }
        return Logger.Metadata(fields.list.map { key, value in (key.name, .string(value)) }) { _, last in last }
    }
}
