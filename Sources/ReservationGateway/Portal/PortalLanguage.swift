/// A language of the portal.
enum PortalLanguage: String, CaseIterable, Sendable {
    case english = "en"
    case german = "de"
    case spanish = "es"
    case french = "fr"

    /// The visitor's own choice, else the best of those that the browser prefers, else English.
    ///
    /// - Parameters:
    ///   - parameters: values of `lang` in the address.
    ///   - accepted: values of the header `Accept-Language` (RFC 9110, section 12.5.4).
    static func choose(parameters: [String], accepted: [String]) -> PortalLanguage {
        if let chosen = parameters.first.flatMap({ PortalLanguage(rawValue: $0.lowercased()) }) { return chosen }
        var best: (language: PortalLanguage, quality: Double)?
        for range in accepted.joined(separator: ",").prefix(1000).split(separator: ",").prefix(30) {
            let parts = range.split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" }.lowercased() }
            guard let tag = parts.first else { continue }
            let quality = parts.dropFirst().first { $0.hasPrefix("q=") }.map { Double($0.dropFirst(2)) ?? 0 } ?? 1
            // `de-AT` is served by `de`. Of equals the first counts.
            guard let primary = tag.split(separator: "-").first, quality > best?.quality ?? 0 else { continue }
            if let language = PortalLanguage(rawValue: String(primary)) { best = (language, quality) }
        }
        return best?.language ?? .english
    }
}
