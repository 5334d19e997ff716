import ReservationMetrics
import ReservationWire

/// What programs ask about figures.
enum MetricsCommand: Sendable {
    case read
    case report(ProgramReport)
}

extension RequestDecoder {
    func metricsCommand(_ request: AcceptedRequest) throws(Problem) -> MetricsCommand {
        guard request.opcode == .metricsReport else {
            _ = try decode(ReadMetricsRequest.self, request)
            return .read
        }
        let body = try decode(ReportMetricsRequest.self, request)
        do throws(ProgramReport.Problem) {
            return .report(try ProgramReport(program: body.program, text: body.text))
        } catch {
            throw invalid(error == .unknownProgram ? "program" : "text", error.message)
        }
    }
}
