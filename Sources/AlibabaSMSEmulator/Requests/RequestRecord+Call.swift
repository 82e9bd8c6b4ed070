// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS
import HTTPTypes
import JSONOutput

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension RequestRecord {
    /// The maximum total size of the stored texts of a request, such as headers and parameters, in bytes.
    static let maximumContentSize = 24 * 1024
    /// The maximum number of stored headers; the same limit applies to parameters.
    static let maximumFieldCount = 64

    /// Creates the record of a request that has no response yet.
    ///
    /// The log assigns the ID.
    init(_ call: GatewayCall, namespace: String, requestID: String, masking: Masking, at now: Date) {
        let scheme = call.parseScheme()
        var known = call
        known.scheme = scheme
        var space = Self.maximumContentSize
        /// Truncates a text to a length, and to the remaining space of the record.
        func truncated(_ text: String, _ length: Int = 4096) -> String {
            let text = text.shortened(to: min(length, space))
            space = max(0, space - text.utf8.count)
            return text
        }
        self.init(
            namespace: namespace,
            requestID: requestID,
            receivedAt: now,
            method: truncated(call.method, 32),
            path: truncated(call.path, 256)
        )
        self.action = call.action.map { truncated(masking.text($0), 128) }
        self.version = call.version.map { truncated(masking.text($0), 64) }
        self.accessKeyID = known.accessKeyID.map { truncated(masking.text($0), 128) }
        self.scheme = scheme.map { if case .v3 = $0 { CanonicalRequest.algorithm } else { "HMAC-SHA1" } }
        self.headers = [Field(name: "host", value: truncated(call.authority, 256))]
        for field in call.headers.prefix(Self.maximumFieldCount) {
            let name = field.name.canonicalName
            self.headers.append(
                Field(name: truncated(name, 128), value: truncated(masking.value(field.value, of: name)))
            )
        }
        self.parameters = call.parameters.prefix(Self.maximumFieldCount)
            .map { Field(name: truncated($0.name, 128), value: truncated(masking.value($0.value, of: $0.name), 8192)) }
        self.query = truncated(masking.query(call.rawQuery ?? ""), 8192)
        self.bodyLength = call.body.count
    }
}
