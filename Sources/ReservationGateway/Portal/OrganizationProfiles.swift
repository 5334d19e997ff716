import Synchronization

/// Keeps organisations' profiles for some seconds, and for as long as the daemon is away: who opens the page while it restarts sees the
/// venue's page, whose own calls wait.
final class OrganizationProfiles: Sendable {
    private static let freshSeconds = 5.0

    private struct Kept {
        var profile: OrganizationProfile
        var readAt: Double
    }

    private let kept = Mutex<[UInt64: Kept]>([:])
    private let reads = SharedReads<UInt64, Result<OrganizationProfile, PublicFailure>>()

    /// - Parameters:
    ///   - now: seconds.
    ///   - read: asks the daemon; the parameter says that there is something to fall back on, so that it need not wait for long.
    func find(
        _ id: UInt64, now: Double, read: (_ isReplaceable: Bool) async -> Result<OrganizationProfile, PublicFailure>
    ) async throws(PublicFailure) -> OrganizationProfile {
        let old = kept.withLock { $0[id] }
        if let old, now - old.readAt < Self.freshSeconds { return old.profile }
        let result = await reads.answer(to: id, isOutage: Gateway.isOutage, read: { await read(old != nil) })
        switch result {
        case .success(let profile):
            kept.withLock { $0[id] = Kept(profile: profile, readAt: now) }
            return profile
        case .failure(let failure) where failure.status.http >= 500:
            guard let old else { throw failure }
            // For a moment nobody else need find that out.
            kept.withLock { $0[id]?.readAt = now }
            return old.profile
        case .failure(let failure):
            kept.withLock { $0[id] = nil }
            throw failure
        }
    }
}
