import FoundationEssentials
import Synchronization

/// The places in which a credential is looked for; the first that has one is kept.
final class CredentialChain: Sendable {
    typealias Link = (place: DefaultCredentialProvider.Place, source: any CredentialSource)

    private let links: [Link]
    private let chosen = Mutex<Int?>(nil)

    init(_ links: [Link]) {
        self.links = links
    }

    /// The place that is kept.
    var place: DefaultCredentialProvider.Place? {
        self.chosen.withLock { $0 }.map { self.links[$0].place }
    }

    /// Fetches a credential from the place that is kept, or looks for one.
    ///
    /// - Throws: Why the place that is kept gives none; or, if there is none yet, why each place does not.
    func fetch() async throws(AlibabaSMSError) -> AlibabaCredential {
        if let chosen = self.chosen.withLock({ $0 }) { return try await self.links[chosen].source.fetch() }
        var failures: [(place: DefaultCredentialProvider.Place, error: AlibabaSMSError)] = []
        for (index, link) in self.links.enumerated() {
            do throws(AlibabaSMSError) {
                let credential = try await link.source.fetch()
                self.chosen.withLock { $0 = index }
                return credential
            } catch {
                failures.append((link.place, error))
            }
        }
        let reasons = failures.map { "\($0.place): \($0.error.message)" }.joined(separator: "; ")
        let isNothingThere = failures.allSatisfy { $0.error.code == .missingCredential }
        throw AlibabaSMSError(
            isNothingThere ? .missingCredential : .credentialUnavailable,
            field: "credentials",
            message: "no credential was found (\(reasons))"
        )
    }
}
