// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import OTP
import OTPEnvironment

extension KeyRingText.Kind: ExpressibleByArgument {}

struct KeysCommand: AsyncParsableCommand {
    private struct Report: Encodable {
        enum CodingKeys: String, CodingKey { case keys = "OTP_KEYS" }

        var keys: String
    }

    static let configuration = CommandConfiguration(
        commandName: "keys",
        abstract: "Print a new key ring as a line OTP_KEYS=… for an environment file.",
        discussion: """
            THE OUTPUT IS SECRET. No other command prints a key. Write it to a file that only you can read, or to a \
            secret store.

            The keys come from the system's random generator. A rotation has three steps, each of which must reach all \
            processes before the next one: --add, --use, --remove. Each step reads the ring in OTP_KEYS and prints the \
            changed one. Remove an old code key 10 minutes after --use, and an old index key 400 days after it.

            EXAMPLES
              (umask 077; otp keys > otp.env)
              otp keys --add code
              otp keys --use code
              otp keys --remove code

            ENVIRONMENT
              OTP_KEYS (only for --add, --use and --remove)
            """
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var sources: SourceOptions

    @Option(help: ArgumentHelp("Rotation, step 1: append a new key, code or index.", valueName: "kind"))
    var add: KeyRingText.Kind?

    @Option(help: ArgumentHelp("Rotation, step 2: move the last key of a kind to the front.", valueName: "kind"))
    var use: KeyRingText.Kind?

    @Option(help: ArgumentHelp("Rotation, step 3: remove all keys of a kind except the first.", valueName: "kind"))
    var remove: KeyRingText.Kind?

    func validate() throws {
        guard [self.add, self.use, self.remove].compactMap(\.self).count <= 1 else {
            throw ValidationError("--add, --use and --remove are separate steps: use one at a time")
        }
    }

    func run() async throws {
        try await self.common.run { output in
            let text = try self.text(self.sources.settings())
            // The result is parsed again, so that the command never prints an invalid key ring.
            _ = try KeyRing(text: text)
            try output.show(Report(keys: text), lines: "OTP_KEYS=\(text)")
            output.note("this line is secret")
        }
    }

    /// Returns the text of a new or changed key ring.
    func text(_ settings: OTPSettings) throws -> String {
        guard self.add != nil || self.use != nil || self.remove != nil else { return KeyRing.makeText() }
        _ = try settings.keys
        var ring = KeyRingText(settings.value(.keys) ?? "")
        if let kind = self.add { ring.add(kind, secret: KeyRingText(KeyRing.makeText()).secret(of: kind)) }
        if let kind = self.use { ring.use(kind) }
        if let kind = self.remove { ring.remove(kind) }
        return ring.text
    }
}
