// SPDX-License-Identifier: Apache-2.0
// The catalogue of the module shows this file from here on.

import AlibabaSMS
import AlibabaSMSTesting
import Testing

@Test func theProviderKeepsItsPromises() async throws {
    let credential = try AlibabaCredential(accessKeyID: "id", accessKeySecret: "secret")
    try await CredentialProviderConformance(provider: StaticCredentialProvider(credential)).run()
}
