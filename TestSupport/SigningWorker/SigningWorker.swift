// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS
import Foundation
import SMSKit

/// A program that signs requests, so that a script can compare the signatures with another implementation.
///
/// Each line of standard input is a ``SigningTask`` in JSON. For each line, the program prints a ``SigningResult`` in JSON.
@main struct SigningWorker {
    static func main() throws {
        let decoder = JSONDecoder()
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes]
        while let line = readLine() {
            var result = try encoder.encode(decoder.decode(SigningTask.self, from: Data(line.utf8)).result())
            result.append(UInt8(ascii: "\n"))
            try FileHandle.standardOutput.write(contentsOf: result)
        }
    }
}
