/// What one program says of itself, checked so that nobody can say anything in another's name.
package struct ProgramReport: Sendable, Equatable {
    /// Programs that may report, and the beginning of the names that are theirs. A new one is a line here: a list, since with free names a
    /// caller on the services' socket could make up bookings or a healthy daemon.
    private static let prefixes = ["reservation-mailer": "reservation_mailer_"]
    /// What every program may say, each with its own name as `program`.
    private static let common: Set<String> = [
        "process_resident_memory_bytes", "process_cpu_seconds_total", "process_open_fds", "process_start_time_seconds",
        "reservation_build_info",
    ]

    package let program: String
    package let exposition: Exposition

    package enum Problem: Error, Hashable {
        /// Not one of the programs that may report.
        case unknownProgram
        /// Not text that is taken, or something that is not this program's to say.
        case unusable(String)

        package var message: String {
            switch self {
            case .unknownProgram: "is not a program that may report"
            case .unusable(let reason): reason
            }
        }
    }

    package init(program: String, text: String) throws(Problem) {
        guard let prefix = Self.prefixes[program] else { throw .unknownProgram }
        do throws(ExpositionError) {
            exposition = try Exposition(parsing: text, within: .report)
        } catch {
            throw .unusable(error.message)
        }
        self.program = program
        for family in exposition.families {
            let isCommon = Self.common.contains(family.name)
            guard isCommon || family.name.hasPrefix(prefix) else { throw .unusable("a family that is not this program's") }
            guard family.samples.allSatisfy({ $0["program"].map { $0 == program } ?? !isCommon }) else {
                throw .unusable("the label program names another program")
            }
        }
    }

    /// The same for the second and later ones that run at the same time: every series says which of them it is of, so that they can stand
    /// side by side.
    ///
    /// - Parameter number: from 1.
    package func numbered(_ number: Int) -> (program: String, exposition: Exposition) {
        guard number > 1 else { return (program, exposition) }
        let name = "\(program)-\(number)"
        var exposition = exposition
        for family in exposition.families.indices {
            for sample in exposition.families[family].samples.indices {
                var labels = exposition.families[family].samples[sample].labels
                labels.removeAll { $0.name == "program" }
                labels.append(MetricLabel("program", name))
                exposition.families[family].samples[sample].labels = labels
            }
        }
        return (name, exposition)
    }
}
