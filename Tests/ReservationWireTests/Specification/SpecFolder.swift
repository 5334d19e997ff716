import Foundation

/// `proto-spec/` of this checkout, which the code is held to.
enum SpecFolder {
    static func load<Content: Decodable>(_: Content.Type, from path: String, file: String = #filePath) throws -> Content {
        // Tests/ReservationWireTests/Specification/SpecFolder.swift
        let root = URL(fileURLWithPath: file).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let data = try Data(contentsOf: root.appendingPathComponent("proto-spec").appendingPathComponent(path))
        let decoder = JSONDecoder()
        // Properties only; keys of dictionaries stay as they are.
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(Content.self, from: data)
    }
}
