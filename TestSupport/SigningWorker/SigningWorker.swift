import AlibabaSMS
import Foundation
import SMSKit

/// Signs what another implementation signs as well, so that a script can compare the two.
///
/// Standard input: a ``SigningTask`` as JSON in each line. Standard output: its ``SigningResult`` as JSON in each line.
@main struct SigningWorker {
    static func main() throws {
        let decoder = JSONDecoder()
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes]
        while let line = readLine() {
            var answer = try encoder.encode(decoder.decode(SigningTask.self, from: Data(line.utf8)).result())
            answer.append(UInt8(ascii: "\n"))
            try FileHandle.standardOutput.write(contentsOf: answer)
        }
    }
}
