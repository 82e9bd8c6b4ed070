// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// A test vector: a request with fixed inputs, and the expected texts and signatures.
struct Vector: Decodable, Sendable {
    struct Credentials: Decodable, Sendable {
        var accessKeyId: String
        var accessKeySecret: String
        var securityToken: String?
    }

    struct Request: Decodable, Sendable {
        var method: String
        var path: String
        var headers: [[String]]
        var body: String

        func header(_ name: String) -> String? {
            self.headers.first { $0[0].lowercased() == name }?[1]
        }

        var query: String { self.path.split(separator: "?", maxSplits: 1).dropFirst().first.map(String.init) ?? "" }
    }

    struct Expected: Decodable, Sendable {
        var canonicalRequest: String?
        var canonicalQuery: String?
        var stringToSign: String
        var signature: String
        var authorization: String?
    }

    var credentials: Credentials?
    var accessKeySecret: String?
    var method: String?
    var parameters: [String: String]?
    var request: Request?
    var expected: Expected

    /// Returns the vectors in a directory, with their file names.
    static func all(in folder: String = "") throws -> [(name: String, vector: Vector)] {
        let root = try #require(Bundle.module.resourceURL).appending(path: "Vectors/\(folder)")
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try FileManager.default.contentsOfDirectory(at: root, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "json" }
            .map { ($0.lastPathComponent, try decoder.decode(Vector.self, from: Data(contentsOf: $0))) }
            .sorted { $0.0 < $1.0 }
    }
}
