// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// The options for the operation of the HTTP service.
struct ServeOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The address and the port of GET /metrics for Prometheus, which needs no API key; off by default.",
            valueName: "host:port"
        )
    )
    var metricsListen: String?

    @Flag(help: "Serve the page of operators at /admin of --metrics-listen. It needs an API key with the scope admin.")
    var adminPage = false

    @Option(help: "The format of log records on standard error: text or json.")
    var logFormat = LogFormat.text

    @Option(
        help: "The minimum level of log records: debug, info, notice, warning or error. At info, each request has one."
    )
    var logLevel = LogLevel.notice

    @Option(
        help: ArgumentHelp(
            "The time between SIGTERM and the end of the listener, in which /readyz responds with 503.",
            valueName: "seconds"
        )
    )
    var drainDelay = 0

    /// The address of the metrics; `nil` if they are off.
    var metricsAddress: ListenOption? {
        get throws(CommandFailure) {
            guard let text = self.metricsListen else { return nil }
            return try ListenOption(text, option: "--metrics-listen")
        }
    }

    /// Checks the values.
    func validate() throws {
        guard !self.adminPage || self.metricsListen != nil else {
            throw ValidationError("--admin-page needs --metrics-listen")
        }
        guard (0...600).contains(self.drainDelay) else {
            throw ValidationError("--drain-delay is a number of seconds from 0 to 600")
        }
    }
}
