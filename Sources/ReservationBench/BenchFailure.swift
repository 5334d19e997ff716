/// Why a measurement gave no figure. The message is one line for whoever ran it.
package struct BenchFailure: Error, CustomStringConvertible {
    /// What is wrong.
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}
