import Glibc
import Logging
import ReservationLog

/// A line of the journal for a validation that is refused, from the caller to the written bytes: guessed codes come by the thousand.
enum LineCost {
    static func lines(_ count: Int) throws {
        let descriptor = open("/dev/null", O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw CostFailure(message: "/dev/null cannot be opened") }
        let pipeline = LogPipeline(sink: LineSink(descriptor: descriptor))
        let logger = Logger(label: "cost") { PipelineLogHandler(label: $0, pipeline: pipeline, level: .info) }
        for number in 0..<count {
            logger.record(
                .info, .ticketValidationFailed,
                [
                    .requestID: "request-\(10_000 + number)", .result: "invalid", .reason: "TICKET_NOT_FOUND",
                    .ticketCode: "\(SampleFrames.ticketCode(number).prefix(9))***",
                ])
            // Never more than wait for the writer.
            if number % 4096 == 4095 { pipeline.flush(within: .seconds(60)) }
        }
        pipeline.close(within: .seconds(60))
        close(descriptor)
    }
}
