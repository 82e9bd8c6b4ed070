// SPDX-License-Identifier: Apache-2.0

import AlibabaSMSEmulator
import ArgumentParser

/// The option for a cursor: a position in the inbox after which messages are read.
struct AfterOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Only messages after this cursor (see inbox cursor).", valueName: "cursor"))
    var after: String?

    func validate() throws {
        guard self.after.map({ InboxCursor($0) != nil }) ?? true else {
            throw ValidationError("--after must be a cursor that otp inbox cursor printed")
        }
    }

    var cursor: InboxCursor? { self.after.flatMap { InboxCursor($0) } }
}
