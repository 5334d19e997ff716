extension Exposition {
    /// What an exposition may cost its reader.
    package struct Bounds: Sendable {
        package var bytes: Int
        package var lineBytes: Int
        package var samples: Int
        package var labels: Int

        package init(bytes: Int, lineBytes: Int = 1024, samples: Int, labels: Int = 8) {
            self.bytes = bytes
            self.lineBytes = lineBytes
            self.samples = samples
            self.labels = labels
        }

        /// Of one of this project's programs that says how it is.
        package static let report = Bounds(bytes: 65_536, samples: 1024)
        /// Of the daemon, which fits one frame.
        package static let daemon = Bounds(bytes: 1_048_576, samples: 16_384)
    }

    /// Reads the subset of the text format in which ``text`` writes: each family begins with its HELP and TYPE, no sample has a
    /// timestamp, every value is a finite number.
    ///
    /// - Throws: for everything else, so that whatever is accepted can be merged and written again without a second look.
    package init(parsing text: String, within bounds: Bounds) throws(ExpositionError) {
        guard text.utf8.count <= bounds.bytes else { throw ExpositionError(line: 0, "longer than \(bounds.bytes) bytes") }
        var reader = ExpositionReader(bounds: bounds)
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        // Each line is ended; behind the last there is nothing.
        guard lines.popLast()?.isEmpty ?? true else { throw ExpositionError(line: lines.count + 1, "the last line is not ended") }
        for (index, line) in lines.enumerated() {
            do throws(LineProblem) {
                try reader.take(line)
            } catch {
                throw ExpositionError(line: index + 1, error.text)
            }
        }
        self.init(families: reader.families)
    }
}

/// Why a text is no exposition that is taken.
package struct ExpositionError: Error, Hashable {
    /// From 1; 0 for the text as a whole.
    package let line: Int
    package let reason: String

    init(line: Int, _ reason: String) {
        self.line = line
        self.reason = reason
    }

    /// Nothing of the text itself is in it.
    package var message: String { line == 0 ? reason : "line \(line): \(reason)" }
}

struct LineProblem: Error {
    let text: String

    init(_ text: String) {
        self.text = text
    }
}
