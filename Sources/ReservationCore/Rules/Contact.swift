/// Where the confirmation goes and whom the venue can call.
package struct Contact: Hashable, Sendable {
    package let email: EmailAddress
    package let phone: PhoneNumber

    package init(email: EmailAddress, phone: PhoneNumber) {
        self.email = email
        self.phone = phone
    }

    /// Checks the form of both, so that a person learns of both mistakes at once.
    ///
    /// - Throws: ``Refusal/invalidContact(_:)`` with the fields named as the registry names them.
    package init(email: String, phone: String, minimumDigits: Int = Limits.phoneMinimumDigits) throws(ContactRefusal) {
        // What stands for erased addresses is nobody's.
        let address = EmailAddress(email).flatMap { $0 == .erased ? nil : $0 }
        let number = PhoneNumber(phone, minimumDigits: minimumDigits)
        guard let address, let number else {
            var problems: [FieldProblem] = []
            if address == nil {
                problems.append(
                    FieldProblem(field: "customer_email", message: "Invalid email format; it should look like john@example.com."))
            }
            if number == nil {
                problems.append(
                    FieldProblem(
                        field: "customer_phone",
                        message: "Invalid phone number; write it with + and the country code, digits only, like +12025551234."))
            }
            throw ContactRefusal(problems: problems)
        }
        self.email = address
        self.phone = number
    }
}

/// Why a contact was not accepted, field by field.
package struct ContactRefusal: Error, Hashable {
    package let problems: [FieldProblem]
    package var refusal: Refusal { .invalidContact(problems) }
}
