// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import JSONOutput
import NIOCore

extension Response {
    /// Creates a response that contains a JSON document and must not be cached.
    init(
        _ status: HTTPResponse.Status,
        _ document: JSONText,
        mediaType: String = "application/json",
        headers: HTTPFields = [:]
    ) {
        self.init(status, bytes: document.bytes, mediaType: mediaType, headers: headers)
    }

    /// Creates a response that contains the bytes of a document and must not be cached.
    init(_ status: HTTPResponse.Status, bytes: [UInt8], mediaType: String, headers: HTTPFields = [:]) {
        var fields = Self.fields[mediaType] ?? Self.fields(mediaType)
        if !headers.isEmpty { fields.append(contentsOf: headers) }
        self.init(status: status, headers: fields, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    /// The header fields of the most frequent responses, keyed by the media type.
    ///
    /// A new list of fields would check the name and the value of each field again.
    private static let fields = Dictionary(
        uniqueKeysWithValues: ["application/json", HTTPProblem.mediaType].map { ($0, Self.fields($0)) }
    )

    private static func fields(_ mediaType: String) -> HTTPFields {
        [.contentType: mediaType, .cacheControl: "no-store", .xContentTypeOptions: "nosniff"]
    }

    /// A response with the status 204 that must not be cached.
    static var noContent: Response { Response(status: .noContent, headers: [.cacheControl: "no-store"]) }
}
