// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import OTPEnvironment
import OTPServer
import SystemPackage

struct APIKeyCommand: AsyncParsableCommand {
    private struct Report: Encodable {
        enum CodingKeys: String, CodingKey {
            case key = "OTP_API_KEY"
            case entry = "OTP_API_KEYS"
        }

        var key: String
        var entry: String?
    }

    static let configuration = CommandConfiguration(
        commandName: "api-key",
        abstract: "Create an API key of the HTTP service.",
        discussion: """
            The secret key is printed once, as OTP_API_KEY=…, and is stored nowhere. The service needs only the entry, \
            which contains a hash of the key. With --file, the entry is appended to a file. Otherwise it is printed as \
            OTP_API_KEYS=….

            To rotate a key, create a second one, move the clients to it, and remove the entry of the first one. The \
            service reads the file again after SIGHUP.

            EXAMPLES
              otp api-key web --scope issue --scope verify --file api-keys.txt
              otp api-key batch --scope issue --until 2027-01-31
            """
    )

    @OptionGroup var common: CommonOptions

    @Argument(help: "The name of the key, with 1 to 32 letters, digits, '-' and '_'.")
    var name: String

    @Option(
        name: .customLong("scope"),
        help: ArgumentHelp("A permission of the key: issue, verify or admin; may be repeated.", valueName: "scope")
    )
    var scopes: [String] = []

    @Option(help: "The only tenant that the key can use.")
    var tenant: String?

    @Option(help: ArgumentHelp("The last day in UTC on which the key is valid.", valueName: "date"))
    var until: String?

    @Option(help: ArgumentHelp("The file to which the entry is appended.", valueName: "file"))
    var file: String?

    func run() async throws {
        try await self.common.run { output in
            let scopes = Set(self.scopes.compactMap { APIScope($0) })
            guard !scopes.isEmpty, scopes.count == Set(self.scopes).count else {
                throw CommandFailure.usage("--scope is issue, verify or admin, and at least one is needed")
            }
            let (key, text) = try self.generate(scopes)
            if let file = self.file {
                try Self.append(key, to: file)
                try output.show(Report(key: text), lines: "OTP_API_KEY=\(text)")
            } else {
                try output.show(
                    Report(key: text, entry: key.entry),
                    lines: "OTP_API_KEY=\(text)\nOTP_API_KEYS=\(key.entry)"
                )
            }
            output.note("OTP_API_KEY is secret")
        }
    }

    private func generate(_ scopes: Set<APIScope>) throws(CommandFailure) -> (key: APIKey, text: String) {
        do {
            return try APIKey.generate(id: self.name, scopes: scopes, tenant: self.tenant, lastDay: self.until)
        } catch {
            throw .usage("the key cannot be created: \(error)")
        }
    }

    /// Appends the entry of an API key to a file.
    ///
    /// The method throws an error if the file is invalid, or already contains a key with the same name.
    private static func append(_ key: APIKey, to path: String) throws(CommandFailure) {
        let existing = try Self.content(of: path)
        let separator = existing.isEmpty || existing.hasSuffix("\n") ? "" : "\n"
        do {
            _ = try APIKeyRing(text: existing + separator + key.entry)
        } catch {
            throw .usage("the entry cannot be added to the file of --file: \(error)")
        }
        do {
            let file = try FileDescriptor.open(
                FilePath(path),
                .writeOnly,
                options: [.append, .create],
                permissions: [.ownerReadWrite, .groupRead]
            )
            try file.closeAfter { _ = try file.writeAll("\(separator)\(key.entry)\n".utf8) }
        } catch {
            throw CommandFailure(.error, "apiKeyFile", "the file of --file cannot be written: \(error)")
        }
    }

    /// Returns the text of a file; an empty text if the file does not exist.
    private static func content(of path: String) throws(CommandFailure) -> String {
        guard FileManager.default.fileExists(atPath: path) else { return "" }
        guard let content = SmallFile.content(atPath: path), let text = String(bytes: content, encoding: .utf8) else {
            throw .usage("the file of --file cannot be read, is not UTF-8, or is larger than 1 MiB")
        }
        return text
    }
}
