// SPDX-License-Identifier: Apache-2.0

import Logging

extension LogHandler {
    /// Returns the metadata of a log record.
    ///
    /// For each key, a value of the event takes precedence over a value of the metadata provider. A value of the provider takes
    /// precedence over a value of the handler. If the event has an error, only the type of the error is added, because the
    /// description may contain private data.
    func metadata(of event: LogEvent) -> Logger.Metadata {
        var metadata = self.metadata
        if let provided = self.metadataProvider?.get() { metadata.merge(provided) { _, new in new } }
        if let explicit = event.metadata { metadata.merge(explicit) { _, new in new } }
        if let error = event.error { metadata["error.type"] = "\(type(of: error))" }
        return metadata
    }
}
