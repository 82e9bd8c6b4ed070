// SPDX-License-Identifier: Apache-2.0

import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// An ordered list of credential sources.
///
/// The chain searches for the first source that has a credential, and keeps using this source.
final class CredentialChain: Sendable {
    typealias Link = (name: DefaultCredentialProvider.Source, source: any CredentialSource)

    private let links: [Link]
    private let chosen = Mutex<Int?>(nil)

    init(_ links: [Link]) {
        self.links = links
    }

    /// The source that the chain uses; `nil` until a source has returned a credential.
    var source: DefaultCredentialProvider.Source? {
        self.chosen.withLock { $0 }.map { self.links[$0].name }
    }

    /// Fetches a credential from the chosen source.
    ///
    /// If no source is chosen yet, the method chooses the first source that has a credential.
    ///
    /// - Throws: The error of the chosen source. If no source has a credential, the error states the reason for each source.
    func fetch() async throws(AlibabaSMSError) -> AlibabaCredential {
        if let chosen = self.chosen.withLock({ $0 }) { return try await self.links[chosen].source.fetch() }
        var failures: [(name: DefaultCredentialProvider.Source, error: AlibabaSMSError)] = []
        for (index, link) in self.links.enumerated() {
            do throws(AlibabaSMSError) {
                let credential = try await link.source.fetch()
                self.chosen.withLock { $0 = index }
                return credential
            } catch {
                failures.append((link.name, error))
            }
        }
        let reasons = failures.map { "\($0.name): \($0.error.message)" }.joined(separator: "; ")
        let isNothingConfigured = failures.allSatisfy { $0.error.code == .missingCredential }
        throw AlibabaSMSError(
            isNothingConfigured ? .missingCredential : .credentialUnavailable,
            field: "credentials",
            message: "no credential was found (\(reasons))"
        )
    }
}
