/// The version these programs say they are.
package enum SoftwareVersion {
    package static let current = "0.1.0"
}
