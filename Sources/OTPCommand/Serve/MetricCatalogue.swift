// SPDX-License-Identifier: Apache-2.0

import PrometheusMetrics

/// All metrics of the HTTP service and its modules, with their help texts.
///
/// Tests compare this table with `Docs/Metrics.md`. Other tests compare `Docs/Metrics.md` with the code.
enum MetricCatalogue {
    /// All metrics, in the order of the documentation.
    static let all = Self.calls + Self.checks + Self.redis + Self.gateway + Self.http + Self.events

    private static let calls = [
        MetricDescription("otp.issue", .counter, by: ["purpose", "outcome"], "Calls that issue a code"),
        MetricDescription("otp.resend", .counter, by: ["purpose", "outcome"], "Calls that send a code again"),
        MetricDescription("otp.redeem", .counter, by: ["purpose", "outcome"], "Calls that redeem a proof"),
        MetricDescription("otp.verify", .counter, by: ["purpose", "outcome", "lane"], "Attempts to verify a code"),
        MetricDescription("otp.issue.duration", .timer, "Duration of calls that issue a code"),
        MetricDescription("otp.resend.duration", .timer, "Duration of calls that send a code again"),
        MetricDescription("otp.verify.duration", .timer, "Duration of attempts to verify a code"),
        MetricDescription("otp.redeem.duration", .timer, "Duration of calls that redeem a proof"),
        MetricDescription("otp.sends", .counter, by: ["outcome", "kind", "lane"], "Messages handed to the SMS client"),
        MetricDescription("otp.send.duration", .timer, "Duration of sends, including retries of the SMS client"),
        MetricDescription("otp.sends.overdue", .gauge, "Sends that have exceeded their timeout"),
        MetricDescription("otp.store.duration", .timer, by: ["step"], "Duration of steps of the store and the ledger"),
    ]

    private static let checks = [
        MetricDescription("otp.guard", .counter, by: ["outcome", "rule"], "Decisions of the guard"),
        MetricDescription(
            "otp.guard.findings",
            .counter,
            by: ["effect", "rule"],
            "Findings of the guard that do not refuse a send"
        ),
        MetricDescription("otp.human_check", .counter, by: ["outcome"], "Human checks"),
        MetricDescription("otp.risk", .counter, by: ["verdict", "reason"], "Requests that the risk assessor judged"),
        MetricDescription(
            "otp.guard.lost",
            .counter,
            by: ["report", "reason"],
            "Reports that the ledger did not receive"
        ),
    ]

    private static let redis = [
        MetricDescription("otp.redis.step", .timer, by: ["step"], "Duration of scripts in Redis, including the queue"),
        MetricDescription("otp.redis.connections", .counter, by: ["peer", "outcome"], "Connections to Redis"),
        MetricDescription("otp.redis.failovers", .counter, "Changes of the Redis primary"),
        MetricDescription("otp.redis.clock_jumps", .counter, "Backward jumps of the clock of a Redis server"),
        MetricDescription("otp.redis.failures", .counter, by: ["code"], "Redis commands that failed without a reply"),
        MetricDescription("otp.audit.events", .counter, by: ["outcome"], "Audit events"),
    ]

    private static let gateway = [
        MetricDescription(
            "alibabasms.requests",
            .counter,
            by: ["action", "outcome", "code"],
            "HTTP requests to Alibaba Cloud"
        ),
        MetricDescription(
            "alibabasms.calls",
            .counter,
            by: ["action", "outcome"],
            "Calls of Alibaba Cloud with retries"
        ),
        MetricDescription("alibabasms.duration", .timer, by: ["action", "outcome"], "Duration of calls with retries"),
        MetricDescription("alibabasms.retries", .counter, by: ["action"], "Requests after the first one of a call"),
        MetricDescription("alibabasms.conversions", .counter, by: ["outcome"], "Conversion reports to Alibaba Cloud"),
    ]

    private static let http = [
        MetricDescription("otp.http.duration", .timer, by: ["method", "route", "status"], "Duration of HTTP requests"),
        MetricDescription(
            "otp.http.rejections",
            .counter,
            by: ["status"],
            "HTTP requests that were rejected before a route handled them"
        ),
        MetricDescription("otp.log.lost", .counter, "Log records that were lost because standard error was not read"),
    ]

    private static let events = [
        MetricDescription("otp.delivery_reports", .counter, by: ["outcome"], "Delivery reports of the gateway"),
        MetricDescription("otp.webhooks", .counter, by: ["outcome"], "Webhooks"),
        MetricDescription("otp.webhooks.retries", .counter, "Attempts after the first one of a webhook"),
    ]
}
