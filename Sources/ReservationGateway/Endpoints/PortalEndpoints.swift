import NIOCore
import ReservationCore
import ReservationWire

/// The page on which a customer books, and what it loads.
extension Gateway {
    /// `GET /`: the portal is elsewhere, and a ticket's code goes with the visitor.
    func root(_ exchange: Exchange) -> Reply {
        var parameters: [String] = []
        // Written anew from what was understood: nothing of a request goes into a header as it came.
        if let code = exchange.target.values("ticket").first.flatMap({ TicketCode($0) }) { parameters.append("ticket=\(code.text)") }
        if let organization = exchange.target.values("orq").first.flatMap({ UInt64($0) }) { parameters.append("orq=\(organization)") }
        if let language = exchange.target.values("lang").first.flatMap({ PortalLanguage(rawValue: $0) }) {
            parameters.append("lang=\(language.rawValue)")
        }
        return Reply(seeOther: Route.page.rawValue + (parameters.isEmpty ? "" : "?" + parameters.joined(separator: "&")))
    }

    /// `GET /reserve`.
    func page(_ exchange: Exchange) async -> Reply {
        let language = PortalLanguage.choose(
            parameters: exchange.target.values("lang"), accepted: exchange.request.headers.acceptLanguage)
        do throws(PublicFailure) {
            let profile = try await profile(exchange)
            return pages.page(profile, language).reply(caching: .revalidated, isCompressible: isCompressible(exchange))
        } catch {
            let notice: PortalPages.Notice = error.status.http >= 500 ? .outage : .unknownVenue
            return Reply(error, body: PortalPages.text(of: notice, language), content: .html)
        }
    }

    /// `GET /reserve/assets/HASH/NAME`. A page that was loaded before the gateway was renewed gets the new file, and no cache keeps it
    /// under the old name.
    func asset(_ exchange: Exchange) throws(PublicFailure) -> Reply {
        let parts = Route.asset.name(in: exchange.target.path).split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let file = PageFiles.assets[String(parts[1])] else { throw .notFound }
        return file.reply(caching: parts[0] == PageFiles.hash ? .immutable : .forbidden, isCompressible: isCompressible(exchange))
    }

    /// `GET /reserve/theme/HASH.css`.
    func theme(_ exchange: Exchange) async throws(PublicFailure) -> Reply {
        let file = try await profile(exchange).theme
        return named(file, Route.theme.name(in: exchange.target.path) == "\(file.name).css", exchange)
    }

    /// `GET /reserve/logo/HASH`.
    func logo(_ exchange: Exchange) async throws(PublicFailure) -> Reply {
        guard let file = try await profile(exchange).logo else { throw .notFound }
        return named(file, Route.logo.name(in: exchange.target.path) == file.name, exchange)
    }

    private func named(_ file: PageFile, _ isItsName: Bool, _ exchange: Exchange) -> Reply {
        file.reply(caching: isItsName ? .immutable : .forbidden, isCompressible: isCompressible(exchange))
    }

    private func isCompressible(_ exchange: Exchange) -> Bool { Gzip.isAccepted(exchange.request.headers.acceptEncoding) }

    /// The organisation that the request is about.
    func profile(_ exchange: Exchange) async throws(PublicFailure) -> OrganizationProfile {
        let organization = try choose(exchange)
        return try await profiles.find(UInt64(organization.rawValue), now: clock()) { isReplaceable in
            do throws(PublicFailure) {
                let request = GetOrganizationRequest(orq: UInt64(organization.rawValue))
                let patience = isReplaceable ? min(HealthEndpoints.patience, configuration.deadline) : configuration.deadline
                return .success(OrganizationProfile(try await call(GetOrganization.self, request, exchange, deadline: patience).response))
            } catch {
                return .failure(error)
            }
        }
    }
}
