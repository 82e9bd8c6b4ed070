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

let package = Package(
    name: "otp-benchmarks",
    dependencies: [
        .package(name: "swift-otp", path: ".."),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
    ],
    targets: [
        .target(name: "CSocketWrites"),
        .executableTarget(
            name: "OTPBench",
            dependencies: [
                "CSocketWrites",
                .product(name: "AlibabaSMS", package: "swift-otp"),
                .product(name: "AlibabaSMSEmulator", package: "swift-otp"),
                .product(name: "OTP", package: "swift-otp"),
                .product(name: "OTPRedis", package: "swift-otp"),
                .product(name: "OTPServer", package: "swift-otp"),
                .product(name: "SMSKit", package: "swift-otp"),
                .product(name: "SendGuard", package: "swift-otp"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: settings
        ),
    ]
)
