// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

var settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]
// Set by scripts/test and .ci/run. Other builds only print warnings, because later compilers add new ones.
if Context.environment["OTP_STRICT"] == "1" { settings.append(.treatAllWarnings(as: .error)) }

let scripts = [
    "admission", "cancel", "challenge", "clock", "close", "device", "issue", "limits", "succeed", "open", "redeem",
    "release", "resend", "resend_check", "revoke", "sends", "status", "unlock", "verify", "guard_bucket", "guard_count",
    "guard_find", "guard_lockdown", "guard_modes", "guard_quiet", "guard_read", "guard_record", "guard_release",
    "guard_reserve", "guard_rules", "guard_scope", "guard_time", "guard_write",
]

let page = [
    "api.js", "comparison.js", "connection.js", "elements.js", "empty.js", "formats.js", "lists.js", "messages.js",
    "page.css", "page.html", "page.js", "requests.js", "view.js",
]

let package = Package(
    name: "swift-otp",
    // `Mutex` requires macOS 15.
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "SMSKit", targets: ["SMSKit"]),
        .library(name: "OTP", targets: ["OTP", "SMSKit", "SendGuard"]),
        .library(name: "OTPRedis", targets: ["OTPRedis", "Hiredis"]),
        .library(name: "OTPEnvironment", targets: ["OTPEnvironment"]),
        .library(name: "OTPServer", targets: ["OTPServer", "OTP", "SMSKit", "SendGuard"]),
        .library(name: "OTPServerTesting", targets: ["OTPServerTesting", "OTP", "OTPServer", "OTPTesting", "SMSKit"]),
        .library(name: "OTPRedisTesting", targets: ["OTPRedisTesting", "Hiredis"]),
        .library(name: "OTPTesting", targets: ["OTPTesting"]),
        .library(name: "SendGuard", targets: ["SendGuard", "SMSKit"]),
        .library(name: "SendGuardTesting", targets: ["SendGuardTesting"]),
        .library(name: "SiteVerify", targets: ["SiteVerify", "SendGuard", "SMSKit"]),
        .library(name: "Webhooks", targets: ["Webhooks"]),
        .library(name: "AlibabaSMS", targets: ["AlibabaSMS", "SMSKit"]),
        .library(name: "AlibabaSMSEmulator", targets: ["AlibabaSMSEmulator"]),
        .library(name: "AlibabaSMSTesting", targets: ["AlibabaSMSTesting"]),
        .executable(name: "otp", targets: ["OTPCommand"]),
    ],
    traits: [
        .trait(name: "Tracing", description: "Spans of calls, store steps and sends by swift-distributed-tracing."),
        .default(enabledTraits: ["Tracing"]),
    ],
    dependencies: [
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: []),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-distributed-tracing", from: "1.7.3"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
    ],
    targets: [
        // MARK: Shared mechanisms, none of them a product
        .target(
            name: "Deadlines",
            dependencies: [.product(name: "HeapModule", package: "swift-collections")],
            swiftSettings: settings
        ),
        .target(name: "JSONOutput", swiftSettings: settings),
        .target(
            name: "PrometheusMetrics",
            dependencies: ["Redaction", .product(name: "Metrics", package: "swift-metrics")],
            swiftSettings: settings
        ),
        .target(name: "Redaction", swiftSettings: settings),
        .target(name: "SeededRandom", swiftSettings: settings),
        .target(name: "StrictJSON", dependencies: ["Redaction", "TextFormats"], swiftSettings: settings),
        .target(name: "SystemRandom", swiftSettings: settings),
        .target(name: "TextFormats", swiftSettings: settings),

        .target(
            name: "HTTPConnections",
            dependencies: [
                "TextFormats",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
            ],
            swiftSettings: settings
        ),

        // MARK: The domain
        .target(name: "SMSKit", dependencies: ["Deadlines", "Redaction", "TextFormats"], swiftSettings: settings),
        .target(
            name: "SendGuard",
            dependencies: ["Deadlines", "Redaction", "SMSKit", "SystemRandom", "TextFormats"],
            swiftSettings: settings
        ),
        .target(
            name: "GuardSimulation",
            dependencies: ["OTP", "SMSKit", "SeededRandom", "SendGuard"],
            swiftSettings: settings
        ),
        .target(
            name: "SendGuardTesting",
            dependencies: ["SMSKit", "SeededRandom", "SendGuard"],
            swiftSettings: settings
        ),
        .target(
            name: "OTP",
            dependencies: [
                "Deadlines", "JSONOutput", "Redaction", "SMSKit", "SendGuard", "SystemRandom", "TextFormats",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(
                    name: "Tracing",
                    package: "swift-distributed-tracing",
                    condition: .when(traits: ["Tracing"])
                ),
            ],
            swiftSettings: settings
        ),
        // The data and the actions that the commands, the HTTP routes and the page for operators share.
        .target(
            name: "OperatorReports",
            dependencies: ["OTP", "SMSKit", "SendGuard"],
            swiftSettings: settings
        ),
        .target(
            name: "OTPTesting",
            dependencies: ["Deadlines", "OTP", "SMSKit", "SeededRandom"],
            swiftSettings: settings
        ),

        // MARK: Redis
        .systemLibrary(
            name: "CHiredis",
            providers: [.apt(["libhiredis-dev"]), .brew(["hiredis"])]
        ),
        .target(
            name: "Hiredis",
            dependencies: [
                "CHiredis", "Deadlines", "TextFormats",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            swiftSettings: settings + [.strictMemorySafety()]
        ),
        .target(
            name: "OTPRedis",
            dependencies: [
                "Deadlines", "Hiredis", "JSONOutput", "OTP", "SendGuard", "TextFormats",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            resources: scripts.map { .embedInCode("Scripts/\($0).lua") },
            swiftSettings: settings
        ),
        .target(
            name: "PrivateRedis",
            dependencies: [
                "Hiredis", "TextFormats",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: settings
        ),
        .target(name: "OTPRedisTesting", dependencies: ["Hiredis", "PrivateRedis"], swiftSettings: settings),

        // MARK: Human checks
        .target(
            name: "SiteVerify",
            dependencies: [
                "Redaction", "SendGuard", "StrictJSON", "TextFormats",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings
        ),

        // MARK: Webhooks
        .target(
            name: "Webhooks",
            dependencies: [
                "Deadlines", "JSONOutput", "Redaction", "SendGuard", "TextFormats",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ],
            swiftSettings: settings
        ),

        // MARK: Alibaba Cloud
        .target(
            name: "AlibabaSMS",
            dependencies: [
                "Deadlines", "JSONOutput", "Redaction", "SMSKit", "StrictJSON", "TextFormats",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(
                    name: "Tracing",
                    package: "swift-distributed-tracing",
                    condition: .when(traits: ["Tracing"])
                ),
            ],
            swiftSettings: settings
        ),
        .target(name: "AlibabaSMSTesting", dependencies: ["AlibabaSMS"], swiftSettings: settings),
        .target(
            name: "AlibabaSMSEmulator",
            dependencies: [
                "AlibabaSMS", "Deadlines", "HTTPConnections", "JSONOutput", "Redaction", "SMSKit", "SeededRandom",
                "StrictJSON", "TextFormats",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            resources: page.map { .embedInCode("Page/\($0)") },
            swiftSettings: settings
        ),

        // MARK: The HTTP service
        .target(
            name: "OTPServer",
            dependencies: [
                "HTTPConnections", "Hiredis", "JSONOutput", "OTP", "OperatorReports", "Redaction", "SMSKit",
                "SendGuard",
                "StrictJSON", "TextFormats",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(
                    name: "Tracing",
                    package: "swift-distributed-tracing",
                    condition: .when(traits: ["Tracing"])
                ),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "OTPServerTesting",
            dependencies: ["OTP", "OTPServer", "OTPTesting", "SendGuard"],
            swiftSettings: settings
        ),

        // What all pages for browsers share.
        .target(
            name: "HTMLPages",
            dependencies: [
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            resources: [.embedInCode("Assets/base.css")],
            swiftSettings: settings
        ),

        // The page of operators, not a product.
        .target(
            name: "AdminPage",
            dependencies: [
                "HTMLPages", "OTP", "OTPServer", "OperatorReports", "SMSKit", "SendGuard",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            resources: [.embedInCode("Assets/admin.css")],
            swiftSettings: settings
        ),

        // The registration page of `otp demo`, not a product.
        .target(
            name: "DemoPage",
            dependencies: [
                "HTMLPages", "OTP", "Redaction", "SMSKit", "SendGuard",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            resources: [.embedInCode("Assets/page.css"), .embedInCode("Assets/page.js")],
            swiftSettings: settings
        ),

        // MARK: Settings
        .target(
            name: "OTPEnvironment",
            dependencies: [
                "AlibabaSMS", "Hiredis", "OTP", "Redaction", "SMSKit", "SendGuard", "SiteVerify", "StrictJSON",
                "TextFormats",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: settings
        ),

        // MARK: The command
        // Named so that no file system takes it for the module OTP; the program is called otp.
        .executableTarget(
            name: "OTPCommand",
            dependencies: [
                "AdminPage", "AlibabaSMS", "AlibabaSMSEmulator", "CHiredis", "Deadlines", "DemoPage", "GuardSimulation",
                "Hiredis", "JSONOutput", "OTP", "OTPEnvironment", "OTPRedis", "OTPServer", "OperatorReports",
                "PrivateRedis", "PrometheusMetrics", "Redaction", "SMSKit", "SendGuard", "StrictJSON", "TextFormats",
                "Webhooks",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "Histogram", package: "hdrhistogram-swift"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "SystemPackage", package: "swift-system"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: settings
        ),

        // MARK: Tests
        .testTarget(
            name: "DeadlinesTests",
            dependencies: ["Deadlines", "OTPTesting", "SeededRandom"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "HTTPConnectionsTests",
            dependencies: [
                "HTTPConnections", "Hiredis", "LoopbackConnection",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "PrometheusMetricsTests",
            dependencies: ["PrometheusMetrics", .product(name: "Metrics", package: "swift-metrics")],
            swiftSettings: settings
        ),
        .testTarget(name: "JSONOutputTests", dependencies: ["JSONOutput", "StrictJSON"], swiftSettings: settings),
        .testTarget(
            name: "TextFormatsTests",
            dependencies: ["Redaction", "SeededRandom", "TextFormats"],
            swiftSettings: settings
        ),
        .testTarget(name: "StrictJSONTests", dependencies: ["StrictJSON"], swiftSettings: settings),
        .testTarget(
            name: "SMSKitTests",
            dependencies: ["OTPTesting", "SMSKit", "SeededRandom"],
            resources: [.copy("Vectors")],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "NumberWorker",
            dependencies: ["SMSKit"],
            path: "TestSupport/NumberWorker",
            swiftSettings: settings
        ),
        .testTarget(
            name: "GuardSimulationTests",
            dependencies: ["GuardSimulation", "OTP", "SMSKit", "SendGuard"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "SendGuardTests",
            dependencies: ["GuardSimulation", "OTPTesting", "SMSKit", "SeededRandom", "SendGuard", "SendGuardTesting"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "SiteVerifyTests",
            dependencies: [
                "SMSKit", "SendGuard", "SendGuardTesting", "SiteVerify", "TextFormats",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "OTPTests",
            dependencies: [
                "Deadlines", "DerivedKeys", "OTP", "OTPTesting", "SMSKit", "SendGuard", "TextFormats",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "InMemoryLogging", package: "swift-log"),
                .product(
                    name: "InMemoryTracing",
                    package: "swift-distributed-tracing",
                    condition: .when(traits: ["Tracing"])
                ),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "MetricsTestKit", package: "swift-metrics"),
                .product(
                    name: "Tracing",
                    package: "swift-distributed-tracing",
                    condition: .when(traits: ["Tracing"])
                ),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "OTPRedisTests",
            dependencies: [
                "DerivedKeys", "Hiredis", "MovableClock", "OTP", "OTPRedis", "OTPTesting", "PrivateRedis", "RaceWorker",
                "RedisChaos", "RedisContents", "RedisTopologies", "SMSKit", "SendGuard", "SendGuardTesting",
                "TextFormats",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            exclude: ["Record/Golden"],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "RaceWorker",
            dependencies: ["Hiredis", "OTP", "OTPRedis", "OTPTesting", "SMSKit", "SendGuard"],
            path: "TestSupport/RaceWorker",
            swiftSettings: settings
        ),
        .executableTarget(
            name: "GuardWorker",
            dependencies: [
                "Hiredis", "OTP", "OTPEnvironment", "OTPRedis", "SMSKit", "SendGuard",
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            path: "TestSupport/GuardWorker",
            swiftSettings: settings
        ),
        .executableTarget(
            name: "StoreWalk",
            dependencies: ["MovableClock", "OTPRedis", "OTPTesting", "PrivateRedis"],
            path: "TestSupport/StoreWalk",
            swiftSettings: settings
        ),
        .executableTarget(
            name: "GuardWalk",
            dependencies: [
                "Hiredis", "MovableClock", "OTPRedis", "PrivateRedis", "SMSKit", "SendGuard", "SendGuardTesting",
            ],
            path: "TestSupport/GuardWalk",
            swiftSettings: settings
        ),
        .executableTarget(
            name: "ReplyFuzzer",
            dependencies: [
                "Hiredis", "SeededRandom",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
            ],
            path: "TestSupport/ReplyFuzzer",
            swiftSettings: settings
        ),
        .executableTarget(
            name: "RedisChaos",
            dependencies: [
                "Hiredis", "OTP", "OTPRedis", "OTPTesting", "PrivateRedis", "RedisTopologies", "SMSKit",
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            path: "TestSupport/RedisChaos",
            swiftSettings: settings
        ),
        .target(
            name: "DerivedKeys",
            dependencies: ["OTP", .product(name: "Crypto", package: "swift-crypto")],
            path: "TestSupport/DerivedKeys",
            swiftSettings: settings
        ),
        .target(
            name: "LoopbackConnection",
            dependencies: [
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
            ],
            path: "TestSupport/LoopbackConnection",
            swiftSettings: settings
        ),
        .target(
            name: "RedisContents",
            dependencies: ["Hiredis"],
            path: "TestSupport/RedisContents",
            swiftSettings: settings
        ),
        .target(
            name: "MovableClock",
            dependencies: [
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            path: "TestSupport/MovableClock",
            exclude: ["clock.c"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "HiredisTests",
            dependencies: [
                "CHiredis", "Hiredis", "MovableClock", "OTPRedisTesting", "OTPTesting", "PrivateRedis",
                "RedisTopologies",
                "ReplyFuzzer",
                "SeededRandom",
                .product(name: "InMemoryLogging", package: "swift-log"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "MetricsTestKit", package: "swift-metrics"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "RedisTopologies",
            dependencies: [
                "Hiredis", "PrivateRedis",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            path: "TestSupport/RedisTopologies",
            swiftSettings: settings
        ),
        .testTarget(
            name: "AlibabaSMSTests",
            dependencies: [
                "AlibabaSMS", "AlibabaSMSEmulator", "AlibabaSMSTesting", "Deadlines", "OTP", "OTPTesting", "SMSChaos",
                "SMSKit", "SeededRandom", "StrictJSON", "TextFormats",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "InMemoryLogging", package: "swift-log"),
                .product(
                    name: "InMemoryTracing",
                    package: "swift-distributed-tracing",
                    condition: .when(traits: ["Tracing"])
                ),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "MetricsTestKit", package: "swift-metrics"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(
                    name: "Tracing",
                    package: "swift-distributed-tracing",
                    condition: .when(traits: ["Tracing"])
                ),
            ],
            resources: [.copy("Vectors")],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "SMSChaos",
            dependencies: [
                "AlibabaSMS", "AlibabaSMSEmulator", "OTPTesting", "SMSKit",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
            ],
            path: "TestSupport/SMSChaos",
            swiftSettings: settings
        ),
        .executableTarget(
            name: "SigningWorker",
            dependencies: ["AlibabaSMS", "SMSKit"],
            path: "TestSupport/SigningWorker",
            swiftSettings: settings
        ),
        .testTarget(
            name: "AlibabaSMSEmulatorTests",
            dependencies: [
                "AlibabaSMS", "AlibabaSMSEmulator", "JSONOutput", "LoopbackConnection", "OTP", "SMSKit", "TextFormats",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "AdminPageTests",
            dependencies: [
                "AdminPage", "HTMLPages", "OTP", "OTPServer", "OTPTesting", "SMSKit", "SendGuard",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "InMemoryLogging", package: "swift-log"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "DemoPageTests",
            dependencies: [
                "DemoPage", "HTMLPages", "OTP", "OTPRedis", "OTPRedisTesting", "OTPServer", "OTPTesting", "SMSKit",
                "SendGuard",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "InMemoryLogging", package: "swift-log"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "OTPServerTests",
            dependencies: [
                "Hiredis", "JSONOutput", "LoopbackConnection", "MovableClock", "OTP", "OTPRedis", "OTPRedisTesting",
                "OTPServer", "OTPServerTesting", "OTPTesting", "PrivateRedis", "SMSKit", "SendGuard", "StrictJSON",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "InMemoryLogging", package: "swift-log"),
                .product(
                    name: "InMemoryTracing",
                    package: "swift-distributed-tracing",
                    condition: .when(traits: ["Tracing"])
                ),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
                .product(
                    name: "Tracing",
                    package: "swift-distributed-tracing",
                    condition: .when(traits: ["Tracing"])
                ),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "ConformanceTests",
            dependencies: [
                "AlibabaSMS", "AlibabaSMSEmulator", "DerivedKeys", "Hiredis", "JSONOutput", "MovableClock", "OTP",
                "OTPCommand", "OTPRedis", "OTPServer", "OTPTesting", "PrivateRedis", "RedisContents", "SMSKit",
                "SeededRandom", "SendGuard", "StrictJSON", "TextFormats", "Webhooks",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "InMemoryLogging", package: "swift-log"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "MetricsTestKit", package: "swift-metrics"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "WebhooksTests",
            dependencies: [
                "Deadlines", "OTPTesting", "SendGuard", "StrictJSON", "Webhooks",
                .product(name: "InMemoryLogging", package: "swift-log"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "MetricsTestKit", package: "swift-metrics"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "OTPEnvironmentTests",
            dependencies: [
                "AlibabaSMS", "Hiredis", "OTP", "OTPEnvironment", "OTPTesting", "SMSKit", "SendGuard", "SiteVerify",
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "DocumentationTests",
            dependencies: [
                "AlibabaSMS", "AlibabaSMSEmulator", "AlibabaSMSTesting", "OTP", "OTPCommand", "OTPRedis",
                "OTPRedisTesting", "OTPServerTesting", "OTPTesting", "PrometheusMetrics", "SMSKit", "SendGuard",
                "SendGuardTesting",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "OTPCommandTests",
            dependencies: [
                "AlibabaSMS", "AlibabaSMSEmulator", "Deadlines", "GuardWorker", "Hiredis", "MovableClock", "OTP",
                "OTPCommand",
                "OTPEnvironment", "OTPRedis", "OTPServer", "OTPTesting", "PrivateRedis", "PrometheusMetrics",
                "RedisTopologies", "SMSKit", "SendGuard", "StrictJSON", "Webhooks",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: settings
        ),
    ]
)
