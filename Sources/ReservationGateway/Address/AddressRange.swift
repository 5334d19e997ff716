/// Addresses that begin with the same bits, `10.0.0.0/8` or a single one.
package struct AddressRange: Hashable, Sendable {
    let network: IPAddress
    let length: Int

    /// - Parameter text: an address, alone or with `/` and the number of its fixed bits; bits after them must be zero, so that a slip of
    ///   the pen does not trust somebody else's network. Version 4 written as version 6, `::ffff:10.0.0.0/104`, is version 4.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let address = IPAddress(first) else { return nil }
        var length = address.width
        if parts.count == 2 {
            guard let given = Int(parts[1]), parts[1].utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
            length = address.isVersion4 && first.utf8.contains(0x3A) ? given - 96 : given
            guard (0...address.width).contains(length) else { return nil }
        }
        guard address.network(length) == address else { return nil }
        self.network = address
        self.length = length
    }

    func contains(_ address: IPAddress) -> Bool {
        address.isVersion4 == network.isVersion4 && address.network(length) == network
    }
}
