import ReservationCore

/// Which organisation a request is about. It selects and grants nothing: codes are secrets of their own, free places are public.
package enum OrganizationChoice {
    /// The host's organisation where the operator named the host; else the parameter `orq`; else the header `X-Orq`; else the default.
    static func choose(
        host: String?, target: RequestTarget, headers: RequestHeaders, configuration: GatewayConfiguration
    ) throws(PublicFailure) -> OrganizationID {
        if !configuration.organizationHosts.isEmpty, let host = target.authority ?? host,
            let organization = configuration.organizationHosts[normalize(host)]
        {
            return organization
        }
        let parameters = target.values("orq")
        if !parameters.isEmpty { return try parse(parameters, "orq") }
        if !headers.organization.isEmpty { return try parse(headers.organization, "X-Orq") }
        return configuration.defaultOrganization
    }

    /// A host name for comparison: lower case, without port and final dot.
    package static func normalize(_ host: String) -> String {
        var name = host.lowercased()[...]
        if name.first == "[" {
            if let end = name.firstIndex(of: "]") { name = name[...end] }
        } else if let colon = name.firstIndex(of: ":") {
            name = name[..<colon]
        }
        if name.last == "." { name = name.dropLast() }
        return String(name)
    }

    private static func parse(_ values: [String], _ field: String) throws(PublicFailure) -> OrganizationID {
        guard values.count == 1, let text = values.first, (1...16).contains(text.utf8.count),
            text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), let number = UInt64(text), let organization = OrganizationID(number)
        else { throw .invalidRequest(field, "must be one organization's number") }
        return organization
    }
}
