// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS
import Foundation
import Testing

@Suite struct CredentialsURITests {
    @Test(arguments: ["", "nonsense", "file:///etc/passwd", "http://"])
    func invalidURLIsRejectedWithoutBeingQuoted(uri: String) async throws {
        try await withHTTPClient { client in
            let error = #expect(throws: AlibabaSMSError.self) {
                let _: RefreshingCredentialProvider = try .credentialsURI(uri, httpClient: client)
            }
            #expect(error?.code == .invalidConfiguration)
            if !uri.isEmpty { #expect(error?.message.contains(uri) == false) }
        }
    }

    @Test(arguments: [("200 OK", true), ("500 Internal Server Error", false), ("302 Found", false)])
    func requestHasPathAndQueryOfTheURI(status: String, isCredential: Bool) async throws {
        let response = MisbehavingServer.http(status, InstanceMetadataTests.credential)
        try await MisbehavingServer.with([.respond(response)]) { server in
            try await withHTTPClient { client in
                let provider: RefreshingCredentialProvider = try .credentialsURI(
                    "\(server.url)/my/keys?which=sms",
                    httpClient: client
                )
                if isCredential {
                    #expect(try await provider.credential().accessKeyID == "STS.a")
                } else {
                    await #expect(throws: AlibabaSMSError.self) { try await provider.credential() }
                }
                #expect(server.requestHeads.first?.hasPrefix("GET /my/keys?which=sms ") == true)
            }
        }
    }
}
