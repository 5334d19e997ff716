import ReservationCore
import ReservationWire
import Testing

@Suite("Code and registry.json hold the same, in both directions")
struct RegistryTests {
    let registry: RegistryFile

    init() throws {
        registry = try RegistryFile.load()
    }

    @Test("every frame type, flag and encoding has the registry's name and number, and there are no others")
    func framesAgree() {
        #expect(registry.frameTypes == table(FrameType.allCases) { ($0.name, $0.rawValue) })
        #expect(registry.encodings == table(Encoding.allCases) { ($0.name, $0.rawValue) })
        #expect(registry.flags == ["REPLAYED": FrameFlags.replayed])
    }

    @Test("every limit has the registry's value, and there are no others")
    func limitsAgree() {
        #expect(
            registry.limits == [
                "header_bytes": UInt64(WireLimits.headerBytes),
                "max_payload_bytes": UInt64(WireLimits.maxPayloadBytes),
                "max_depth": UInt64(WireLimits.maxDepth),
                "max_in_flight": UInt64(WireLimits.maxInFlight),
                "max_integer": WireLimits.maxInteger,
                "hello_timeout_ms": UInt64(WireLimits.helloTimeoutMilliseconds),
                "frame_timeout_ms": UInt64(WireLimits.frameTimeoutMilliseconds),
                "default_deadline_ms": UInt64(WireLimits.defaultDeadlineMilliseconds),
                "max_deadline_ms": UInt64(WireLimits.maxDeadlineMilliseconds),
            ])
        #expect(registry.magic == WireLimits.magic)
        #expect(registry.version == WireLimits.version)
    }

    @Test("every operation has the registry's name, opcode and role, and there are no others")
    func operationsAgree() {
        #expect(table(registry.operations) { ($0.name, $0.opcode) } == table(Opcode.allCases) { ($0.name, $0.rawValue) })
        #expect(table(registry.operations) { ($0.name, $0.role) } == table(Opcode.allCases) { ($0.name, $0.role.name) })
    }

    @Test("every field has the registry's name, tag and criticality, and there are no others")
    func fieldsAgree() {
        #expect(table(registry.fields) { ($0.name, $0.tag) } == table(FieldTag.allCases) { ($0.name, $0.rawValue) })
        #expect(
            table(registry.fields) { ($0.name, $0.critical ?? false) } == table(FieldTag.allCases) { ($0.name, $0.isCritical) })
    }

    @Test("every status and class has the registry's name and number, and there are no others")
    func statusesAgree() {
        #expect(table(registry.statuses) { ($0.name, $0.status) } == table(Status.allCases) { ($0.name, $0.rawValue) })
        #expect(registry.statusClasses == table(StatusClass.allCases) { ("\($0.rawValue)", $0.name) })
    }

    @Test("the class of every status is the high byte of its number", arguments: Status.allCases)
    func statusClassIsHighByte(status: Status) {
        #expect(UInt16(status.statusClass.rawValue) == status.rawValue >> 8)
    }

    @Test("each role may do what the registry gives to it and to lesser roles, and nothing else", arguments: Opcode.allCases)
    func rolesIncludeLesserRoles(opcode: Opcode) throws {
        let ranks = ["gateway", "service", "admin"]
        let least = try #require(registry.operations.first { $0.opcode == opcode.rawValue }?.role)
        let rank = try #require(ranks.firstIndex(of: least))
        #expect(ranks.map { name in Role.allCases.first { $0.name == name }.map(opcode.isAllowed) } == ranks.indices.map { $0 >= rank })
    }

    @Test("a status from a newer peer is understood by its class")
    func unknownStatusGoesByClass() {
        #expect(Status(nearestTo: 0x02FF) == .invalidRequest)
        #expect(Status(nearestTo: 0x05FF)?.statusClass == .overloaded)
        #expect(Status(nearestTo: 0x06FF) == .outcomeUnknown)
        #expect(Status(nearestTo: 0x0305) == .slotFull)
        #expect(Status(nearestTo: 0x0001) == nil)
        #expect(Status(nearestTo: 0x0900) == nil)
    }

    private func table<Rows: Sequence, Value>(
        _ rows: Rows, _ entry: (Rows.Element) -> (String, Value)
    ) -> [String: Value] {
        Dictionary(uniqueKeysWithValues: rows.map(entry))
    }
}
