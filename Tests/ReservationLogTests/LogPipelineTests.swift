import Glibc
import Logging
import Synchronization
import Testing

@testable import ReservationLog

/// Remembers what it was given; stands still while its gate is closed.
private final class Recorder: Sendable {
    let batches = Mutex<[[LogRecord]]>([])
    let gate = Mutex<Void>(())

    var messages: [String] { batches.withLock { $0.flatMap { $0.map { $0.message.description } } } }
    var batchCount: Int { batches.withLock { $0.count } }
}

private struct RecordingSink: LogSink {
    let recorder: Recorder

    mutating func write(_ records: [LogRecord]) {
        recorder.batches.withLock { $0.append(records) }
        recorder.gate.withLock { _ in }
    }
}

@Suite("The log's pipeline never holds up a caller and never loses silently")
struct LogPipelineTests {
    private func logger(_ pipeline: LogPipeline, level: Logger.Level = .info) -> Logger {
        Logger(label: "test") { PipelineLogHandler(label: $0, pipeline: pipeline, level: level) }
    }

    private func record(_ text: String) -> LogRecord {
        LogRecord(time: 0, level: .info, message: "\(text)", metadata: [:], label: "test")
    }

    @Test("flush returns when everything logged before it is written, in order")
    func flush() {
        let recorder = Recorder()
        let pipeline = LogPipeline(sink: RecordingSink(recorder: recorder))
        for number in 0..<500 { pipeline.append(record("n.\(number)")) }
        pipeline.flush(within: .seconds(30))
        #expect(recorder.messages == (0..<500).map { "n.\($0)" })
        pipeline.append(record("n.last"))
        pipeline.flush(within: .seconds(30))
        #expect(recorder.messages.last == "n.last")
        pipeline.close(within: .seconds(30))
    }

    @Test("entries of many threads all arrive")
    func manyCallers() async {
        let recorder = Recorder()
        let pipeline = LogPipeline(sink: RecordingSink(recorder: recorder), capacity: 100_000)
        await withTaskGroup(of: Void.self) { group in
            for caller in 0..<8 {
                group.addTask { for number in 0..<1000 { pipeline.append(record("caller.\(caller).\(number)")) } }
            }
        }
        pipeline.flush(within: .seconds(30))
        #expect(Set(recorder.messages).count == 8000)
        // Gathered: a wake-up for each entry would be 8,000 batches.
        #expect(recorder.batchCount < 4000)
        pipeline.close(within: .seconds(30))
    }

    @Test("while the destination stands still callers go on, what does not fit is dropped, and the number dropped is logged")
    func dropping() {
        let recorder = Recorder()
        let pipeline = LogPipeline(sink: RecordingSink(recorder: recorder), capacity: 10)
        recorder.gate.withLock { _ in
            pipeline.append(record("first.one"))
            // The writer holds the first entry and waits at the gate.
            while recorder.batchCount == 0 { sched_yield() }
            for number in 0..<25 { pipeline.append(record("n.\(number)")) }
            pipeline.flush(within: .milliseconds(20))
            #expect(recorder.messages == ["first.one"])
        }
        pipeline.flush(within: .seconds(30))
        #expect(recorder.messages == ["first.one"] + (0..<10).map { "n.\($0)" } + ["log.dropped"])
        let last = recorder.batches.withLock { $0.last?.last }
        #expect(last?.fields[.count] == "15")
        #expect(last?.level == .warning)
        pipeline.close(within: .seconds(30))
    }

    @Test("close writes what is left; what comes later is not taken")
    func close() {
        let recorder = Recorder()
        let pipeline = LogPipeline(sink: RecordingSink(recorder: recorder))
        pipeline.append(record("before.close"))
        pipeline.close(within: .seconds(30))
        pipeline.append(record("after.close"))
        pipeline.flush(within: .seconds(30))
        #expect(recorder.messages == ["before.close"])
    }

    @Test("an entry carries the logger's fields, and its own outweigh them")
    func metadata() {
        let recorder = Recorder()
        let pipeline = LogPipeline(sink: RecordingSink(recorder: recorder))
        var logger = logger(pipeline)
        logger[.requestID] = "r1"
        logger[.slotID] = "1"
        logger.record(.info, .reservationCreationSuccess, [.slotID: "2", .ticketID: "7"])
        pipeline.flush(within: .seconds(30))
        let entry = recorder.batches.withLock { $0.first?.first }
        var fields: [String] = []
        entry?.forEachField { name, value in
            if case .known(let key) = name { fields.append("\(key.name)=\(value)") }
        }
        #expect(fields == ["request_id=r1", "ticket_id=7", "slot_id=2"])
        #expect(entry?.message == "reservation.creation.success")
        pipeline.close(within: .seconds(30))
    }

    @Test("below the level nothing is written and the fields are not even made")
    func level() {
        let recorder = Recorder()
        let pipeline = LogPipeline(sink: RecordingSink(recorder: recorder))
        var evaluated = false
        func fields() -> LogFields {
            evaluated = true
            return [:]
        }
        logger(pipeline, level: .warning).record(.info, .reservationCreationStarted, fields())
        pipeline.flush(within: .seconds(30))
        #expect(recorder.messages.isEmpty)
        #expect(!evaluated)
        pipeline.close(within: .seconds(30))
    }

    @Test("lines reach a descriptor whole")
    func lines() throws {
        var ends: [Int32] = [-1, -1]
        try #require(pipe(&ends) == 0)
        defer { Glibc.close(ends[0]) }
        let pipeline = LogPipeline(sink: LineSink(descriptor: ends[1]))
        logger(pipeline).record(.notice, "test.lines", [.count: "1"])
        pipeline.close(within: .seconds(30))
        Glibc.close(ends[1])
        var bytes = [UInt8](repeating: 0, count: 1000)
        let count = read(ends[0], &bytes, bytes.count)
        let text = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
        #expect(text.hasSuffix("Z notice test.lines count=1\n"))
        #expect(text.utf8.count == "2026-11-23T10:00:00.123Z notice test.lines count=1\n".utf8.count)
    }
}
