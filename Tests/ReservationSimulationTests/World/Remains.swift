/// Remembers parts of a world without keeping them, to see whether one of them outlives it.
struct Remains: Sendable {
    /// Belongs to a world like what it points to, see ``World``; a weak reference may be read by anybody.
    private struct Part: @unchecked Sendable {
        let name: String
        weak var object: AnyObject?
    }

    private var parts: [Part] = []

    mutating func watch(_ name: String, _ object: AnyObject) {
        parts.append(Part(name: name, object: object))
    }

    /// What is still there.
    var names: [String] { parts.filter { $0.object != nil }.map(\.name) }
}
