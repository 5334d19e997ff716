/// Addresses that begin with the same bits, `10.0.0.0/8` or a single one.
package struct AddressRange: Hashable, Sendable {
    let network: IPAddress
    let length: Int

    /// - Parameter text: an address, alone or with `/` and the number of its fixed bits; bits after them must be zero, so that a slip of
    ///   the pen does not trust somebody else's network.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let address = IPAddress(first) else { return nil }
        var length = address.width
        if parts.count == 2 {
            guard let given = Int(parts[1]), (0...address.width).contains(given), parts[1].utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 })
            else { return nil }
            length = given
        }
        guard address.network(length) == address else { return nil }
        self.network = address
        self.length = length
    }

    func contains(_ address: IPAddress) -> Bool {
        address.isVersion4 == network.isVersion4 && address.network(length) == network
    }
}
