/// Whose data is meant: a person is known by an address or by a number.
package enum PersonalSubject: Hashable, Sendable {
    /// Whoever is reached there. Capital letters do not matter: hosts may tell them apart in a local part (RFC 5321, section 2.4), and none
    /// that people use does.
    case email(EmailAddress)
    case phone(PhoneNumber)
    /// Everybody who was not erased yet.
    case anybody

    /// As it is stored; nil for ``anybody``.
    package var text: String? {
        switch self {
        case .email(let address): address.text
        case .phone(let number): number.text
        case .anybody: nil
        }
    }

    /// - Parameters:
    ///   - email: as it is stored.
    ///   - phone: as it is stored.
    package func isNamed(email: String, phone: String) -> Bool {
        switch self {
        case .email(let address): Self.areSame(address.text.utf8, email.utf8)
        case .phone(let number): number.text == phone
        case .anybody: email != EmailAddress.erased.text
        }
    }

    /// But for capital letters of ASCII.
    private static func areSame(_ left: String.UTF8View, _ right: String.UTF8View) -> Bool {
        left.count == right.count && zip(left, right).allSatisfy { lowercase($0) == lowercase($1) }
    }

    private static func lowercase(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }
}
