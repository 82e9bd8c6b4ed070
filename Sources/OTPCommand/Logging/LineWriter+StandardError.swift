// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import Metrics
import SystemPackage

extension LineWriter {
    /// The writer that writes to standard error.
    ///
    /// When the process exits normally, the writer has one second to write the lines that are still in its queue.
    static let standardError: LineWriter = {
        atexit { LineWriter.standardError.flush() }
        return LineWriter(.standardError) { count in
            Counter(label: "otp.log.lost").increment(by: count)
            let logger = Logger(label: "otp")
            logger.warning("Log records lost", metadata: ["otp.records": "\(count)"])
        }
    }()
}
