import Glibc
import NIOCore
import ReservationWire
import Testing

@testable import ReservationGateway

@Suite("HTTP statuses are those of the protocol's registry")
struct PublicStatusTests {
    private let registry: JSONObject

    init() throws {
        // Beside the sources, wherever they are checked out: Tests/ReservationGatewayTests/ThisFile.swift.
        let folder = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")
        let file = try #require(fopen("\(folder)/proto-spec/registry.json", "r"))
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        let count = fread(&bytes, 1, bytes.count, file)
        registry = try #require(try JSONValue.parse(ByteBuffer(bytes: bytes.prefix(count)), maximumDepth: 16).object)
    }

    @Test("for every status and every operation")
    func table() throws {
        let operations = try #require(registry["operations"]?.array).compactMap { $0.object?["name"]?.string }
        #expect(Set(operations) == Set(Opcode.allCases.map(\.name)))
        let statuses = try #require(registry["statuses"]?.array).compactMap(\.object)
        #expect(statuses.count == Status.allCases.count)
        for entry in statuses {
            let name = try #require(entry["name"]?.string)
            let status = try #require(Status.allCases.first { $0.name == name })
            let http = try #require(entry["http"]?.integer)
            let code = entry["public"]?.string ?? name
            for operation in Opcode.allCases {
                let special = entry["http_by_operation"]?.object?[operation.name]?.integer
                #expect(PublicStatus(status, of: operation) == PublicStatus(Int(special ?? http), code), "\(name) of \(operation.name)")
            }
            #expect(PublicStatus(status, of: nil) == PublicStatus(Int(http), code))
        }
    }

    @Test("and for what only HTTP has")
    func httpOnly() throws {
        let entries = try #require(registry["http_only"]?.array).compactMap(\.object)
        let expected = try entries.map { PublicStatus(Int(try #require($0["http"]?.integer)), try #require($0["name"]?.string)) }
        #expect(Set(PublicStatus.httpOnly) == Set(expected))
    }

    @Test("the OpenAPI document lists exactly the codes that can occur")
    func documentedCodes() throws {
        let administrative: Set<Status> = [
            .alreadyExists, .capacityBelowBooked, .operationNotPermitted, .reservationNotFound, .outboxEntryNotFound, .leaseLost,
            .alreadySent, .notReserved, .wrongDay, .slotInUse, .eventsTrimmed, .eventsAhead, .contactErased,
        ]
        let codes = Set(Status.allCases.filter { $0 != .ok && !administrative.contains($0) }.map { PublicStatus($0, of: nil).code })
            .union(PublicStatus.httpOnly.map(\.code))
        let listed = FailureDescription.schemas.split(separator: "\n").compactMap { line -> String? in
            let text = line.drop { $0 == " " }
            return text.hasPrefix("- ") ? String(text.dropFirst(2)) : nil
        }
        #expect(Set(listed) == codes)
        #expect(listed.count == codes.count)
    }

    @Test("the OpenAPI document describes every route but the page's")
    func documentedRoutes() {
        let page: Set<Route> = [.root, .page, .asset, .theme, .logo]
        for route in Route.allCases where !page.contains(route) {
            #expect(OpenAPIDocument.text.contains("\n  \(route.rawValue):\n"), "\(route)")
        }
        #expect(!OpenAPIDocument.text.contains("\t"))
    }
}
