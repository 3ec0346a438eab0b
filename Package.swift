// swift-tools-version: 6.2
import PackageDescription

/// Every target of this package: Swift 6 language mode, and a warning is an error.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
]

let package = Package(
    name: "sysndd-ctl",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "sysndd-ctl", targets: ["sysndd-ctl"])
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: ["YAML"]),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
        .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
    ],
    targets: [
        .systemLibrary(name: "CMariaDB", pkgConfig: "libmariadb", providers: [.apt(["libmariadb-dev"])]),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CISAL", pkgConfig: "libisal", providers: [.apt(["libisal-dev"])]),
        .systemLibrary(name: "CSodium", pkgConfig: "libsodium", providers: [.apt(["libsodium-dev"])]),
        .target(
            name: "OpsCore",
            dependencies: [
                "CMariaDB",
                "CCurl",
                "CISAL",
                "CSodium",
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "JWTKit", package: "jwt-kit"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: strict
        ),
        .target(
            name: "DevStack",
            dependencies: [
                "OpsCore",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "X509", package: "swift-certificates"),
            ],
            swiftSettings: strict
        ),
        .target(
            name: "ApiShim",
            dependencies: [
                "OpsCore",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            resources: [.embedInCode("Resources")],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "sysndd-ctl",
            dependencies: [
                "OpsCore", "DevStack", "ApiShim",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "lexer-benchmark", dependencies: ["OpsCore"], path: "benchmarks/lexer", swiftSettings: strict),
        .executableTarget(
            name: "http-route-benchmark", dependencies: [.product(name: "Hummingbird", package: "hummingbird")],
            path: "benchmarks/http-route", swiftSettings: strict),
        .target(
            name: "TestSupport",
            dependencies: ["OpsCore", "DevStack", .product(name: "Subprocess", package: "swift-subprocess")],
            path: "Tests/Support",
            swiftSettings: strict
        ),
        .testTarget(
            name: "OpsCoreTests",
            dependencies: ["OpsCore", "TestSupport", .product(name: "Yams", package: "Yams")],
            swiftSettings: strict),
        .testTarget(name: "DevStackTests", dependencies: ["DevStack", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "ApiShimTests",
            dependencies: [
                "ApiShim", "DevStack", "TestSupport", .product(name: "HummingbirdTesting", package: "hummingbird"),
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "OpsCore", "DevStack", "TestSupport", "sysndd-ctl",
                .product(name: "Subprocess", package: "swift-subprocess"),
            ],
            exclude: ["Mail/Servers"],
            swiftSettings: strict),
        .testTarget(
            name: "BackupTests",
            dependencies: [
                "OpsCore", "DevStack", "TestSupport", "sysndd-ctl",
                .product(name: "Subprocess", package: "swift-subprocess"),
            ],
            exclude: ["Corpus"],
            swiftSettings: strict),
    ]
)
