// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import OTPEnvironment

/// The options for the operation of the HTTP service.
struct ServeOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The address and the port to listen on; port 0 selects a free port (OTP_LISTEN). Default: 127.0.0.1:8080.",
            valueName: "host:port"
        )
    )
    var listen: String?

    @Option(
        help: ArgumentHelp(
            "The address and the port of GET /metrics for Prometheus, which needs no API key (OTP_METRICS_LISTEN). "
                + "Off by default.",
            valueName: "host:port"
        )
    )
    var metricsListen: String?

    @Flag(help: "Serve the page of operators at /admin of --metrics-listen. It needs an API key with the scope admin.")
    var adminPage = false

    @Option(help: "The format of log records on standard error: text or json (OTP_LOG_FORMAT). Default: text.")
    var logFormat: LogFormat?

    @Option(
        help: ArgumentHelp(
            "The minimum level of log records: debug, info, notice, warning or error (OTP_LOG_LEVEL). At info, each request "
                + "has one. Default: notice."
        )
    )
    var logLevel: LogLevel?

    @Option(
        help: ArgumentHelp(
            "The time between SIGTERM and the end of the listener, in which /readyz responds with 503 (OTP_DRAIN_DELAY). "
                + "Default: 0.",
            valueName: "seconds"
        )
    )
    var drainDelay: Int?

    /// The values of the options, keyed by the variables that they override.
    var values: [Variable: String] {
        let options: [Variable: String?] = [
            .listen: self.listen, .metricsListen: self.metricsListen, .logFormat: self.logFormat?.rawValue,
            .logLevel: self.logLevel?.rawValue, .drainDelay: self.drainDelay.map { "\($0)" },
        ]
        return options.compactMapValues(\.self)
    }

    /// Checks the values of the options.
    func validate() throws {
        guard (0...600).contains(self.drainDelay ?? 0) else {
            throw ValidationError("--drain-delay is a number of seconds from 0 to 600")
        }
        for (option, text) in [("--listen", self.listen), ("--metrics-listen", self.metricsListen)] {
            guard let text else { continue }
            do {
                _ = try ListenOption(text, option: option)
            } catch {
                throw ValidationError(error.message)
            }
        }
    }
}
