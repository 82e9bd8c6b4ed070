// SPDX-License-Identifier: Apache-2.0

import OTPServer

/// New API keys for one demo.
struct DemoKeys: Sendable {
    /// The secret text of the API key with the scopes `issue` and `verify`.
    let client: String

    /// The secret text of the API key with the scope `admin`.
    let admin: String

    /// Both keys, as the server stores them.
    let ring: APIKeyRing

    /// Generates the keys.
    init() throws {
        let client = try APIKey.generate(id: "demo", scopes: [.issue, .verify])
        let admin = try APIKey.generate(id: "operator", scopes: [.admin])
        (self.client, self.admin) = (client.text, admin.text)
        self.ring = try APIKeyRing(text: "\(client.key.entry),\(admin.key.entry)")
    }
}
