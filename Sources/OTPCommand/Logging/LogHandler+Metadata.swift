// SPDX-License-Identifier: Apache-2.0

import Logging

extension LogHandler {
    /// Returns the metadata of a log record.
    ///
    /// The metadata of the event replaces that of the metadata provider, which replaces that of the handler. For an error, the
    /// result contains only the type, because the description may contain private data.
    func metadata(of event: LogEvent) -> Logger.Metadata {
        var metadata = self.metadata
        if let provided = self.metadataProvider?.get() { metadata.merge(provided) { _, new in new } }
        if let explicit = event.metadata { metadata.merge(explicit) { _, new in new } }
        if let error = event.error { metadata["error.type"] = "\(type(of: error))" }
        return metadata
    }
}
